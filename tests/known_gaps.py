"""The list of recorded answers that Firesteel does not give yet: tests/known_gaps/*.txt.

One line a gap: `FILE KEY MODE FACETS`, where KEY is the statement's (recorded.Statement.key). Facets are error, schema,
nullability, rows, printed, value, crash (the server died) and hang. An answer that differs and is not listed fails the
run, and so does a nullability gap that grew. The run's last lines count listed gaps that are right now.

    pytest --show-gaps      listed gaps fail too, with what was expected and what came
    pytest --update-gaps    writes what it finds into the list
"""

import os

import pytest

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "known_gaps")


def comparison(expected, actual):
    """The lines of both answers, for a failure's text."""
    return "\n  ".join(["expected:", *expected]) + "\n" + "\n  ".join(["actual:", *actual])


class Gaps:
    def __init__(self, name):
        self.path = os.path.join(FOLDER, name + ".txt")
        self.listed = {}
        self.found = {}
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as f:
                for line in f:
                    if line.strip() and not line.startswith("#"):
                        *case, facets = line.split()
                        self.listed[tuple(case)] = set(facets.split(","))

    def judge(self, request, case, facets, text):
        """Ends the test of this case: fails it with `text`, marks it as a known gap, or lets it pass.

        `facets` are what differs, empty if all is right.
        """
        self.found[case] = set(facets)
        listed = self.listed.get(case)
        why = None
        if facets and listed is None:
            why = "differs from Apache Spark in: " + ", ".join(facets)
        elif listed == {"nullability"} and facets and set(facets) != listed:
            why = "differed in nullability only, now in: " + ", ".join(facets)
        elif facets and request.config.getoption("--show-gaps"):
            why = "known gap: " + ", ".join(facets)
        if why and not request.config.getoption("--update-gaps"):
            pytest.fail(f"{why}\n{text}", pytrace=False)
        if facets:
            pytest.xfail(", ".join(facets))

    def closed(self):
        """How many listed gaps are right now."""
        return sum(not facets and case in self.listed for case, facets in self.found.items())

    def update(self, cases):
        """Writes the list anew: what was found for the cases that ran, what was listed for others that exist."""
        now = {case: facets for case, facets in (self.listed | self.found).items() if facets and case in cases}
        os.makedirs(FOLDER, exist_ok=True)
        with open(self.path, "w", encoding="utf-8") as f:
            f.write("# Answers that differ from Apache Spark's today; see known_gaps.py. Written by pytest --update-gaps.\n")
            for case in sorted(now):
                f.write(" ".join(case) + " " + ",".join(sorted(now[case])) + "\n")
        return len(now)
