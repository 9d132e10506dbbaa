"""SchemaGen."""

from components.schema_gen.component import SchemaGen as SchemaGen
