"""DataFrame code answers what it answers on Apache Spark: dataframe/*.py, see dataframe_cases.py.

    pytest tests/test_dataframe.py -k 'join-left'
    pytest tests/test_dataframe.py --update-gaps
"""

import pytest

import conftest
import dataframe_cases
import known_gaps
import recorded

CASE_SECONDS_MAX = 60

gaps = known_gaps.Gaps("dataframe")
ANSWERS = {topic: dataframe_cases.read_answers(topic) for topic in dataframe_cases.topics()}
CASES = {(topic, name): case for topic in ANSWERS for name, case in dataframe_cases.cases(topic).items()}


def all_cases():
    return set(CASES)


@pytest.mark.timeout(CASE_SECONDS_MAX)
@pytest.mark.parametrize("topic, name", CASES, ids=[f"{topic}-{name}" for topic, name in CASES])
def test_case(server, request, topic, name):
    expected = ANSWERS[topic].get(name)
    assert expected is not None, f"no recorded answer: tools/record.py tests/dataframe/{topic}.py"
    facets, actual = ["crash"], ["nothing"]
    try:
        spark = conftest.new_session(server)
        recorded.configure(spark, "on")
        actual, schema, is_ordered = dataframe_cases.run(spark, CASES[topic, name])
        facets = dataframe_cases.differences(expected, actual, schema, is_ordered)
        if server.running():
            spark.stop()
    except pytest.fail.Exception as e:  # the time is up
        facets, actual = ["hang"], [str(e)]
    finally:
        if facets and (crash := server.crash_report()):
            facets, actual = ["crash"], crash.split("\n")
    gaps.judge(request, (topic, name), facets,
               f"dataframe/{topic}.py {name}\n" + known_gaps.comparison(expected, actual))
