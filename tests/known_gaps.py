"""The list of recorded answers that Firesteel does not give yet: tests/known_gaps/*.txt.

One line a gap: `FILE KEY MODE FACETS`, where KEY is the statement's (recorded.Statement.key). A listed gap must
still be one: an answer that became right fails the run, and so does a nullability gap that grew, so the list only
shrinks. Facets are error, schema, nullability, rows, printed, value, crash (the server died) and hang.
`pytest --update-gaps` writes what it finds into the list.
"""

import os

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "known_gaps")


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

    def judge(self, case, facets):
        """Why the run fails for this case, or None. `facets` are what differs, empty if all is right."""
        self.found[case] = set(facets)
        listed = self.listed.get(case)
        if facets and listed is None:
            return "differs from Apache Spark in: " + ", ".join(facets)
        if not facets and listed:
            return f"is right now: take its line out of {os.path.relpath(self.path)} (pytest --update-gaps does)"
        if listed == {"nullability"} and set(facets) != listed:
            return "differed in nullability only, now in: " + ", ".join(facets)
        return None

    def update(self, cases):
        """Writes the list anew: what was found for the cases that ran, what was listed for others that exist."""
        now = {case: facets for case, facets in (self.listed | self.found).items() if facets and case in cases}
        os.makedirs(FOLDER, exist_ok=True)
        with open(self.path, "w", encoding="utf-8") as f:
            f.write("# Answers that differ from Apache Spark's today; see known_gaps.py. Written by pytest --update-gaps.\n")
            for case in sorted(now):
                f.write(" ".join(case) + " " + ",".join(sorted(now[case])) + "\n")
        return len(now)
