"""Evaluator: judge a model on the rows that it was not trained on."""

from components.evaluator.component import Evaluator as Evaluator
from components.evaluator.config import Bound as Bound
from components.evaluator.config import Drop as Drop
from components.evaluator.config import EvaluationConfig as EvaluationConfig
from components.evaluator.config import Slicing as Slicing
