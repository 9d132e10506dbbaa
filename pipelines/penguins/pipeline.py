"""Which species is a penguin? All nine components in seconds."""

from components.evaluator import Evaluator
from components.example_gen import ExampleGen
from components.pusher import Pusher
from components.schema_gen import SchemaGen
from components.statistics_gen import StatisticsGen
from components.trainer import Trainer
from components.transform import Transform
from components.tuner import Tuner
from components.validator import Validator
from headrace import Function, NodeOptions, Pipeline, RuntimeParameter
from pipelines.penguins.evaluation import EVALUATION

source = RuntimeParameter("source", str, default="data/penguins/penguins.csv")
trials = RuntimeParameter("trials", int, default=2)
epochs = RuntimeParameter("epochs", int, default=12)
destination = RuntimeParameter("destination", str, default="served/penguins")
preprocess = Function("pipelines.penguins.features:preprocessing_fn")
tune = Function("pipelines.penguins.model:tuner_fn")
train = Function("pipelines.penguins.model:run_fn")

gen = ExampleGen(source=source, splits={"train": 3, "eval": 1, "test": 1})
stats = StatisticsGen(examples=gen.examples)
schema = SchemaGen(statistics=stats.statistics, curated="schemas/penguins/schema.pbtxt")
valid = Validator(statistics=stats.statistics, schema=schema.schema)
transform = Transform(
    examples=gen.examples, schema=schema.schema, preprocessing_fn=preprocess, options=NodeOptions(after=[valid])
)
rows, graph = transform.transformed_examples, transform.transform_graph
tuner = Tuner(examples=rows, transform_graph=graph, tuner_fn=tune, custom_config={"trials": trials, "epochs": epochs})
best = tuner.best_hyperparameters
trainer = Trainer(
    examples=rows, transform_graph=graph, hyperparameters=best, run_fn=train, custom_config={"epochs": epochs}
)
evaluator = Evaluator(examples=gen.examples, model=trainer.model, config=EVALUATION)
pusher = Pusher(model=trainer.model, blessing=evaluator.blessing, destination=destination)

pipeline = Pipeline("penguins", [gen, stats, schema, valid, transform, tuner, trainer, evaluator, pusher])
