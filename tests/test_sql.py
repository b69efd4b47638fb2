"""Every statement of sql/**/*.test gives Apache Spark's recorded answer, with ANSI mode on and off.

    pytest tests/test_sql.py -k 'functions/math'         one file
    pytest tests/test_sql.py -k 'functions/math:120'     the statement at line 120
    pytest tests/test_sql.py --update-gaps               rewrite the list of known gaps
"""

import glob
import os

import pytest

import conftest
import known_gaps
import recorded

FOLDER = os.path.join(conftest.TESTS, "sql")
STATEMENT_SECONDS_MAX = 30

gaps = known_gaps.Gaps("sql")
sessions = {}  # (file, mode) -> Session


class Session:
    """The session in which the statements of one file run in order, with what ran there already."""

    def __init__(self, server, file, mode):
        self.server, self.statements, self.mode = server, FILES[file], mode
        self.spark, self.generation, self.ran = None, None, set()

    def run(self, index):
        """Runs a statement, and before it those above that it may need."""
        if self.server.ensure() != self.generation:
            self.spark, self.ran = conftest.new_session(self.server), set()
            self.generation = self.server.generation
            recorded.configure(self.spark, self.mode)
        for i, s in enumerate(self.statements[:index]):
            if s.is_setup and i not in self.ran and self.mode in s.modes:
                recorded.run(self.spark, s.sql)
                self.ran.add(i)
        self.ran.add(index)
        s = self.statements[index]
        return recorded.run(self.spark, s.sql, s.with_message)

    def close(self):
        if self.spark is not None and self.server.running() and self.server.generation == self.generation:
            self.spark.stop()


FILES = {os.path.relpath(path, FOLDER)[: -len(".test")]: recorded.read(path)
         for path in sorted(glob.glob(FOLDER + "/**/*.test", recursive=True))}
CASES = [pytest.param(file, mode, i, id=f"{file}:{s.line}-{mode}")
         for file, statements in FILES.items() for mode in ("on", "off")
         for i, s in enumerate(statements) if mode in s.expected]


def all_cases():
    return {(file, s.key, mode) for file, statements in FILES.items() for s in statements for mode in s.expected}


@pytest.mark.timeout(STATEMENT_SECONDS_MAX)
@pytest.mark.parametrize("file, mode, index", CASES)
def test_statement(server, request, file, mode, index):
    for key in [k for k in sessions if k != (file, mode)]:
        sessions.pop(key).close()
    session = sessions.setdefault((file, mode), Session(server, file, mode))
    statement = FILES[file][index]
    facets, actual = ["crash"], ["nothing"]
    try:
        actual, schema = session.run(index)
        facets = recorded.differences(statement.expected[mode], actual, schema, statement.order)
    except pytest.fail.Exception as e:  # the time is up
        facets, actual = ["hang"], [str(e)]
        sessions.pop((file, mode), None)
    finally:
        if facets and (crash := server.crash_report()):
            facets, actual = ["crash"], crash.split("\n")
    text = known_gaps.comparison(statement.expected[mode], actual)
    gaps.judge(request, (file, statement.key, mode), facets,
               f"{file}.test:{statement.line}, ANSI {mode}\n{statement.sql}\n{text}")
