"""Figures, goals and their tables."""

import statistics
from typing import NamedTuple


class Goal(NamedTuple):
    """What was promised: `value` at most (or at least) `bound`."""

    text: str
    value: float
    bound: float
    at_least: bool

    @property
    def is_met(self):
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self):
        relation = 'at least' if self.at_least else 'at most'
        return f'{"met   " if self.is_met else "MISSED"}  {self.text}: {self.value:.3g}, {relation} {self.bound:g}'


class Report:
    """Prints as it goes, and keeps the goals."""

    def __init__(self):
        self.goals = []

    def case(self, title):
        print(f'\n## {title}\n', flush=True)

    def table(self, figures, columns):
        """`figures`: by contender's name, the loads of all rounds. `columns`: by title, what of a load it shows."""
        print(f'{"median of rounds":<18}' + ''.join(f'{title:>18}' for title in columns))
        for name, loads in figures.items():
            print(f'{name:<18}' + ''.join(f'{_shown(median(loads, pick)):>18}' for pick in columns.values()))
        print(flush=True)

    def line(self, text):
        print(text, flush=True)

    def at_most(self, text, value, bound):
        self._goal(Goal(text, value, bound, at_least=False))

    def at_least(self, text, value, bound):
        self._goal(Goal(text, value, bound, at_least=True))

    def _goal(self, goal):
        self.goals.append(goal)
        print(goal, flush=True)


def median(loads, pick):
    return statistics.median(pick(load) for load in loads)


def ratio(figures, one, other, pick):
    """How many times the other's median one's is."""
    return median(figures[one], pick) / median(figures[other], pick)


def _shown(value):
    return f'{value:,.0f}' if value >= 100 else f'{value:.3g}'
