"""Any pipeline as plain data, for property tests: well-typed, not necessarily meaningful."""

from hypothesis import strategies as st

from headrace.spec import records as r

words = st.text(max_size=5) | st.sampled_from(["kind", "version", "record"])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words
json = st.recursive(scalars, lambda part: st.lists(part, max_size=3) | st.dictionaries(words, part, max_size=3))
sources = (
    st.builds(r.FromNode, words, words)
    | st.builds(r.FromItems, words, words)
    | st.builds(r.FromQuery, words, st.dictionaries(words, words), st.booleans())
    | st.builds(r.FromUri, words, st.integers(), words, st.dictionaries(words, json))
)
leaves = (
    st.builds(r.Constant, json)
    | st.builds(r.ItemValue)
    | st.builds(r.PropertyValue, sources, words)
    | st.builds(r.RunValue, words)
    | st.builds(r.SecretValue, words)
)
expressions: st.SearchStrategy[r.Expression] = st.recursive(
    leaves,
    lambda part: st.builds(r.ListOf, st.lists(part).map(tuple)) | st.builds(r.DictOf, st.dictionaries(words, part)),
    max_leaves=4,
)
conditions: st.SearchStrategy[r.ConditionSpec] = st.recursive(
    st.builds(r.Equals, expressions, expressions) | st.builds(r.AtLeast, expressions, expressions),
    lambda part: st.builds(r.And, part, part) | st.builds(r.Or, part, part) | st.builds(r.Not, part),
    max_leaves=3,
)
inputs = st.builds(r.InputSpec, words, st.lists(sources, max_size=2).map(tuple), st.booleans(), st.booleans())
texts = st.lists(words, max_size=2).map(tuple)
seconds = st.floats(0, 100)
options = st.builds(
    r.OptionsSpec,
    after=texts,
    when=st.none() | conditions,
    backoff=seconds,
    timeout=st.none() | seconds,
    beam_args=texts,
)
nodes = st.builds(
    r.NodeSpec,
    inputs=st.dictionaries(words, inputs, max_size=2),
    parameters=st.dictionaries(words, expressions, max_size=2),
    outputs=st.dictionaries(words, st.builds(r.OutputSpec), max_size=2),
    items=st.none() | expressions,
    options=options,
)
run_parameters = st.dictionaries(words, st.builds(r.RunParameter, words, json), max_size=2)
pipelines = st.builds(r.PipelineSpec, words, run_parameters, st.lists(nodes, max_size=2).map(tuple))
