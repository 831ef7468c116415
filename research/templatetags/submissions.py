"""The words of what a pilot sent in, question by question."""

from dataclasses import dataclass

from django import template

from research.consent import answer
from research.guide import STEPS, Question
from research.models import PracticeSubmission

register = template.Library()


@dataclass(frozen=True)
class AnsweredStep:
    """A step of the guided form, with each question and what was answered, in words."""

    name: str
    title: str
    answers: list[tuple[Question, str]]


@register.filter
def answered_steps(submission: PracticeSubmission) -> list[AnsweredStep]:
    """All steps with questions, each with the answers."""
    return [
        AnsweredStep(step.name, step.title, [(q, answer(submission, q.field)) for q in step.questions])
        for step in STEPS
        if step.questions
    ]
