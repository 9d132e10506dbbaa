"""The types of artifacts whose contents are compared, by the names that TFX gave them."""

MODEL = "Model"
STATISTICS, SCHEMA, EVALUATION = "ExampleStatistics", "Schema", "ModelEvaluation"
CONTENTS = (STATISTICS, SCHEMA, EVALUATION)
