"""spark.sql.timestampType = TIMESTAMP_NTZ: what is inferred from files, texts and the names of folders."""

import os


def _write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    return path


def _ntz(spark):
    spark.conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ")


CSV = "a,b,c,d\n2024-01-02 03:04:05,2024-01-02 03:04:05Z,2024-01-02,x\n2024-01-02T03:04:06.5,2024-01-02 03:04:05+01:00,2024-01-02 00:00:00,y\n"
MIXED = "a\n2024-01-02 03:04:05\n2024-01-02 03:04:05Z\n"
JSON = '{"a": "2024-01-02 03:04:05", "b": "2024-01-02T03:04:05Z", "c": "x"}\n'


def csv_default(spark, folder):
    return spark.read.csv(_write(folder, "a.csv", CSV), header=True, inferSchema=True)


def csv(spark, folder):
    _ntz(spark)
    return spark.read.csv(_write(folder, "a.csv", CSV), header=True, inferSchema=True)


def csv_mixed(spark, folder):
    _ntz(spark)
    return spark.read.csv(_write(folder, "a.csv", MIXED), header=True, inferSchema=True)


def csv_format(spark, folder):
    _ntz(spark)
    path = _write(folder, "a.csv", "a\n02.01.2024 03:04\n03.01.2024 03:04\n")
    return spark.read.option("timestampNTZFormat", "dd.MM.yyyy HH:mm").csv(path, header=True, inferSchema=True)


def csv_texts(spark):
    _ntz(spark)
    return spark.read.csv(spark.createDataFrame([("2024-01-02 03:04:05,1",)], "v STRING"), inferSchema=True)


def json(spark, folder):
    _ntz(spark)
    return spark.read.option("inferTimestamp", True).json(_write(folder, "a.json", JSON))


def json_without_option(spark, folder):
    _ntz(spark)
    return spark.read.json(_write(folder, "a.json", JSON))


def json_texts(spark):
    _ntz(spark)
    return spark.read.option("inferTimestamp", True).json(spark.createDataFrame([(JSON,)], "v STRING"))


def schemas_of(spark):
    _ntz(spark)
    return spark.sql("""SELECT schema_of_json('{"a": "2024-01-02 03:04:05"}', map('inferTimestamp', 'true')),
                               schema_of_csv('2024-01-02 03:04:05,2024-01-02 03:04:05Z')""")


def partitions(spark, folder):
    _ntz(spark)
    spark.sql("SELECT 1 AS a, '2024-01-02 03:04:05' AS t").write.partitionBy("t").parquet(folder + "/p")
    return spark.read.parquet(folder + "/p")


def casts(spark):
    _ntz(spark)
    return spark.sql("SELECT CAST('2024-01-02 03:04:05' AS TIMESTAMP), TIMESTAMP '2024-01-02 03:04:05', typeof(to_timestamp('2024-01-02 03:04:05'))")
