"""Random queries with their right answers, which numpy computes: the same ones for the same seed.

A query is a chain of steps over range(n). Each step is an SQL text and a few lines of numpy, so that a query can be sent as one SQL
statement or as DataFrame code. Some queries must fail, with a condition known beforehand.
"""

import random

import numpy as np

ROWS = [0, 1, 7, 1000, 20_000, 60_000]
STEPS_MAX = 4
FAIL_ONE_IN = 15


class Query:
    """`columns`: name -> values, the right answer; `ordered`: in this order. `condition`: it must fail with this one instead."""

    def __init__(self, seed):
        self.source = random.Random(seed)
        self.steps, self.ordered, self.condition = [], False, None
        self.count = self.source.choice(ROWS)
        ids = np.arange(self.count, dtype=np.int64)
        a, b = self.source.randint(2, 500), self.source.randint(2, 50)
        self.columns = {"id": ids, "a": ids * 7919 % a, "b": ids % b}
        self.base = ["id", f"id * 7919 % {a} AS a", f"id % {b} AS b"]
        kinds = [self._filter, self._project, self._group, self._join, self._union, self._window, self._text]
        for _ in range(self.source.randint(1, STEPS_MAX)):
            self.source.choice(kinds)()
        if self.source.randrange(2):
            self._sort()
        if self.source.randrange(FAIL_ONE_IN) == 0 and self.count > 0:
            self._fail()

    # Each adds (SQL with {input}, DataFrame code) and does the same to self.columns.
    def _add(self, sql, code):
        self.steps.append((sql, code))

    def _numbers(self):
        return [name for name, values in self.columns.items() if values.dtype == np.int64]

    def _take(self, rows):
        self.columns = {name: values[rows] for name, values in self.columns.items()}

    def _filter(self):
        name, by = self.source.choice(self._numbers()), self.source.randint(2, 9)
        rest = self.source.randrange(by)
        condition = f"{name} % {by} <> {rest}"
        self._take(self.columns[name] % by != rest)
        self._add(f"SELECT * FROM ({{input}}) WHERE {condition}", lambda spark, df: df.where(condition))

    def _project(self):
        name, by, plus = self.source.choice(self._numbers()), self.source.randint(1, 99), self.source.randint(0, 99)
        new = f"c{len(self.steps)}"
        expression = f"({name} * {by} + {plus}) % 1000003 AS {new}"
        self.columns[new] = (self.columns[name] * by + plus) % 1000003
        self._add(f"SELECT *, {expression} FROM ({{input}})", lambda spark, df: df.selectExpr("*", expression))

    def _group(self):
        names = self._numbers()
        key, value, by = self.source.choice(names), self.source.choice(names), self.source.choice([3, 40, 7000])
        keys, values = self.columns[key] % by, self.columns[value]
        groups, where = np.unique(keys, return_inverse=True)
        sums = np.zeros(len(groups), np.int64)
        np.add.at(sums, where, values)
        least = np.full(len(groups), np.iinfo(np.int64).max)
        np.minimum.at(least, where, values)
        self.columns = {"k": groups, "n": np.bincount(where, minlength=len(groups)).astype(np.int64), "s": sums % 1000003, "l": least}
        aggregates = ["count(*) AS n", f"sum({value}) % 1000003 AS s", f"min({value}) AS l"]

        def code(spark, df):
            from pyspark.sql import functions as F
            return df.groupBy(F.expr(f"{key} % {by}").alias("k")).agg(*[F.expr(a) for a in aggregates])

        self._add(f"SELECT {key} % {by} AS k, {', '.join(aggregates)} FROM ({{input}}) GROUP BY {key} % {by}", code)

    def _join(self):
        key, rows = self.source.choice(self._numbers()), self.source.choice([0, 10, 3000])
        how = self.source.choice(["semi", "anti", "inner"])
        found = self.columns[key] < rows
        other = f"SELECT id AS j, id * 3 AS w{len(self.steps)} FROM range({rows})"
        weight = f"w{len(self.steps)}"
        self._take(~found if how == "anti" else found)
        if how == "inner":
            self.columns[weight] = self.columns[key] * 3
        names = [n for n in self.columns if n != weight]
        chosen = ", ".join([f"l.{n}" for n in names] + ([f"r.{weight}"] if how == "inner" else []))
        sql = f"SELECT {chosen} FROM ({{input}}) l {how.upper()} JOIN ({other}) r ON l.{key} = r.j"

        def code(spark, df):
            right = spark.range(rows).selectExpr("id AS j", f"id * 3 AS {weight}")
            joined = df.join(right, df[key] == right["j"], how)
            return joined.drop("j") if how == "inner" else joined

        self._add(sql, code)

    def _union(self):
        name = self.source.choice(self._numbers())
        condition = f"{name} % 5 = 0"
        again = self.columns[name] % 5 == 0
        self.columns = {n: np.concatenate([v, v[again]]) for n, v in self.columns.items()}
        self._add(f"WITH u AS ({{input}}) SELECT * FROM u UNION ALL SELECT * FROM u WHERE {condition}",
                  lambda spark, df: df.unionAll(df.where(condition)))

    def _window(self):
        key, by, new = self.source.choice(self._numbers()), self.source.randint(2, 30), f"c{len(self.steps)}"
        keys = self.columns[key] % by
        self.columns[new] = np.bincount(keys, minlength=by).astype(np.int64)[keys]
        expression = f"count(*) OVER (PARTITION BY {key} % {by}) AS {new}"
        self._add(f"SELECT *, {expression} FROM ({{input}})", lambda spark, df: df.selectExpr("*", expression))

    def _text(self):
        name, new = self.source.choice(self._numbers()), f"c{len(self.steps)}"
        expression = f"concat('v', {name}) AS {new}"
        self.columns[new] = np.array([f"v{v}" for v in self.columns[name].tolist()], dtype=object)
        self._add(f"SELECT *, {expression} FROM ({{input}})", lambda spark, df: df.selectExpr("*", expression))

    def _sort(self):
        names = self._numbers()
        self.ordered = True
        self._take(np.lexsort([self.columns[n] for n in reversed(names)]))
        limit = self.source.choice([None, 10, 5000])
        if limit is not None:
            self._take(slice(limit))

        def code(spark, df):
            df = df.orderBy(*names)
            return df if limit is None else df.limit(limit)

        self._add(f"SELECT * FROM ({{input}}) ORDER BY {', '.join(names)}" + ("" if limit is None else f" LIMIT {limit}"), code)

    def _fail(self):
        name, expression, self.condition = self.source.choice([
            ("analysis", "no_such_column", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
            ("running", "raise_error('at ' || id)", "USER_RAISED_EXCEPTION")])
        # The first step, over range(n) with n > 0: nothing may filter the rows away before.
        self.steps = [(f"SELECT {expression} AS x FROM ({{input}})", lambda spark, df: df.selectExpr(f"{expression} AS x"))]

    def sql(self):
        text = f"SELECT {', '.join(self.base)} FROM range({self.count})"
        for step, _ in self.steps:
            text = step.replace("{input}", text)
        return text

    def data_frame(self, spark):
        """As DataFrame code or as one statement, by the seed."""
        if self.source.randrange(2):
            return spark.sql(self.sql())
        df = spark.range(self.count).selectExpr(*self.base)
        for _, code in self.steps:
            df = code(spark, df)
        return df

    def check(self, spark):
        """Runs it; raises AssertionError unless the rows (or the error) are the right ones. Gives the number of rows."""
        from pyspark.errors import PySparkException

        try:
            rows = fetch(self.data_frame(spark), self.source)
        except PySparkException as error:
            assert self.condition is not None and error.getCondition() == self.condition, f"{error}\n{self.sql()}"
            return 0
        assert self.condition is None, f"{self.condition} expected: {self.sql()}"
        right = list(zip(*[values.tolist() for values in self.columns.values()]))
        assert len(rows) == len(right), f"{len(rows)} rows, not {len(right)}: {self.sql()}"
        if not self.ordered:
            # Rows of whole duplicates may be equal: their number must be right too, so lists, not sets.
            rows, right = sorted(rows), sorted(right)
        assert rows == right, self.sql()
        return len(rows)


def fetch(df, source):
    """The rows as tuples, by one of the client's ways."""
    way = source.randrange(4)
    if way == 0:
        return [tuple(row) for row in df.toLocalIterator()]
    if way == 1 and not df.isEmpty():
        return [tuple(row) for row in df.collect()]
    table = df.toArrow()
    return list(zip(*[column.to_pylist() for column in table.columns]))
