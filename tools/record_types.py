#!/usr/bin/env python3
"""Records what Apache Spark answers about texts of types, numbers, dates, intervals and patterns, as JSON lines that the unit
tests of src/types read. Needs pyspark 4.2.0 with Java 17; not needed to run the tests.

Usage: record_types.py src/types/testdata [file ...]
"""
import json
import pathlib
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

DDL = """int|INTEGER|bigint|long|smallint|short|tinyint|byte|float|real|double|decimal|dec(5)|numeric(10, 2)|DECIMAL(38,38)
decimal(39,1)|decimal(3,5)|decimal(-1,2)|string|STRING COLLATE UNICODE_CI|string collate utf8_lcase|string collate nope|binary|boolean
date|timestamp|timestamp_ltz|TIMESTAMP_NTZ|timestamp without time zone|timestamp with local time zone|time|time(3)|time(7)|TIME WITHOUT TIME ZONE
void|null|variant|interval|interval year|interval month|interval year to month|interval month to year|interval day
interval day to second|interval hour to minute|interval second to minute|INTERVAL MINUTE TO SECOND|interval year to day|char(5)|character(5)
varchar(20)|char|varchar|array<int>|ARRAY<array<string>>|map<string,int>|MAP<INT, ARRAY<DOUBLE>>|array|map|struct|struct<>
struct<a:int>|struct<a: int, b: string>|struct<a int, `b c` string not null comment 'it''s'>|struct<a: int comment "x\\ty">
struct<a: struct<b: array<map<string,decimal(3,1)>>>>|a int|a int, b string|a INT NOT NULL COMMENT 'x', b string|a: int, b: string
`a b` int|a.b int|1a int|a int b string|foo|foo(1)|foo(1, 2)|array<foo>|a foo|array<int|array<int>>|map<int>|map<int,int,int>|struct<a>
int int|int,|,||  |a|a b c|int -- comment|/* x */ int|string(5)|int(5)|date()|decimal()|decimal(1,2,3)|decimal(99999999999,1)
array<>|struct<a:int,>|struct<a:int,a:int>|interval day to|timestamp_ltz not null|a int not null, b|a int null|a int comment|é int|`é` int|a int, a int
struct<a:int,b:int,c:int,d:int,e:int,f:int,g:int,h:int,i:int,j:int,k:int,l:int,m:int,n:int,o:int,p:int,q:int,r:int,s:int,t:int,u:int,v:int,w:int,x:int,y:int,z:int,aa:int>
a string collate unicode, b array<string collate utf8_lcase>, c map<string, string collate unicode_ci>|a char(3), b varchar(4)|geometry(4326)|a timestamp default now()
'a' int|a int; b int|a int,,b int|interval|interval foo|a interval day to second|array<int> x|struct<a:int NOT NULL, b:array<int> COMMENT 'c'>"""

NUMBERS = ["", " ", "0", "-0", "+0", "1", "-1", "+1", "1.9", "-1.9", ".5", "5.", ".", "-", "+", "--1", "1e3", "1E3", "1e", "e1", "1e+2", "1e-2",
           " 1", "1 ", "\t1\n", "\u00a01", "1\u3000", "\u00001\u0001", "1 2", "127", "128", "-128", "-129", "32767", "32768", "-32768", "-32769", "2147483647",
           "2147483648", "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
           "-9223372036854775809", "99999999999999999999", "1.", "1.a", "1.5.5", "1a", "a", "0x10", "0x1p3", "0x1.8p1", "1d", "1D", "1f", "1F", "1.5d", "1L", "1l",
           "Infinity", "-Infinity", "+Infinity", "infinity", "INFINITY", "inf", "-inf", "+inf", "Inf", "NaN", "nan", "NAN", "-NaN", "+NaN", "nand", "infd", "1e400", "-1e400",
           "1e-400", "4.9e-324", "2.4e-324", "1.7976931348623157e308", "1.7976931348623159e308", "3.4028235e38", "3.4028236e38", "1e39", "1.4e-45", "0.1",
           "0.30000000000000004", "123456789.123456789", "9007199254740993", "1e22", "1e23", "1_000", "1,000", "0.005", "0.015", "2.675",
           "12345678901234567890123456789012345678", "123456789012345678901234567890123456789", "0.00000000000000000000000000000000000001",
           "0.000000000000000000000000000000000000001", "1e37", "1e38", "1e-38", "1e-39", "1e1000000", "1e-1000000", "1e99999999999", "99999.995", "99999.994", "-99999.995",
           "00012", "0000000000000000000000000000000000000000000012", "1e0", "1e00005", "true", "TRUE", "t", "T", "y", "yes", "n", "no", "f", "false", " false ", "on", "off", "null", "٣", "1\u0660"]

DATES = ["", " ", "2020", "2020-1", "2020-01", "2020-1-1", "2020-01-01", " 2020-01-01 ", "2020-01-01T", "2020-01-01 ", "2020-01-01T12", "2020-01-01 x", "2020-01-01x",
         "2020-13-01", "2020-02-30", "2020-02-29", "2021-02-29", "2020-00-01", "2020-01-00", "20200101", "202001", "02020-01-01", "123", "1234", "12345-01-01", "+2020-01-01",
         "-2020-01-01", "+12345-01-01", "-0001-01-01", "0000-01-01", "0001-01-01", "999-01-01", "9999-12-31", "10000-01-01", "294247-01-10", "5881580-07-11", "5881580-07-12",
         "-5877641-06-23", "-5877641-06-22", "9999999-01-01", "99999999-01-01", "2020-001-01", "2020-01-001", "2020-", "2020-1-", "-", "2020/01/01", "2020-01-01\t", "\u00002020-01-01",
         "epoch", "now", "today", "tomorrow", "yesterday", "EPOCH", "2020-1-1T00:00", "T", "2020-01-01-01", "2020--01", "1-1-1", "0-1-1", "a", "2020-01-1a", "２０２０-01-01",
         "1582-10-04", "1582-10-05", "1582-10-15", "2147483648-01-01", "+-2020-01-01", "2020-+1-01"]

TIMESTAMPS = DATES + ["2020-01-01 12:34:56", "2020-01-01T12:34:56", "2020-01-01t12:34:56", "2020-01-01 12", "2020-01-01 12:", "2020-01-01 12:34", "2020-01-01 1:2:3", "2020-01-01 12:34:56.1",
    "2020-01-01 12:34:56.123456", "2020-01-01 12:34:56.1234567", "2020-01-01 12:34:56.1234567890123", "2020-01-01 12:34:56.", "2020-01-01 12:34:56.123Z", "2020-01-01 12:34:56Z", "2020-01-01 12:34:56 Z",
    "2020-01-01 12:34:56z", "2020-01-01 12:34:56 UTC", "2020-01-01 12:34:56UTC", "2020-01-01 12:34:56 GMT+1", "2020-01-01 12:34:56 GMT+01:00", "2020-01-01 12:34:56 UTC-3", "2020-01-01 12:34:56 UT+5",
    "2020-01-01 12:34:56+01:00", "2020-01-01 12:34:56+1:00", "2020-01-01 12:34:56+1", "2020-01-01 12:34:56+01", "2020-01-01 12:34:56+0100", "2020-01-01 12:34:56-7:5", "2020-01-01 12:34:56-07:30:15", "2020-01-01 12:34:56 +01:00",
    "2020-01-01 12:34:56+18:00", "2020-01-01 12:34:56+18:01", "2020-01-01 12:34:56+19:00", "2020-01-01 12:34:56 Europe/Paris", "2020-01-01 12:34:56Europe/Paris", "2020-07-01 12:34:56 America/Los_Angeles", "2020-01-01 12:34:56 EST",
    "2020-07-01 12:34:56 EST", "2020-01-01 12:34:56 PST", "2020-07-01 12:34:56 PST", "2020-01-01 12:34:56 CST", "2020-01-01 12:34:56 IST", "2020-01-01 12:34:56 JST", "2020-01-01 12:34:56 Foo/Bar", "2020-01-01 12:34:56 europe/paris",
    "2020-01-01T12:34Z", "2020-01-01T12Z", "2020-01-01Z", "2020-01-01+01:00", "12:34:56", "12:34", "T12:34:56", "12:34:56.789", "12:34:56 Europe/Paris", "2020-01-01 24:00:00", "2020-01-01 23:59:60", "2020-01-01 23:60:00", "2020-01-01 25:00:00",
    "2020-01-01 123:00:00", "2020-01-01 12:345:00", "2020-01-01 12:34:567", "2020-01-01  12:34:56", "2020-01 12:34:56", "2020 12:34:56", "2020-01-01T12:34:56T", "294247-01-10 04:00:54.775807", "294247-01-10 04:00:54.775808",
    "+294247-01-10T04:00:54.775807Z", "-290308-12-21 19:59:05.224192", "-290308-12-21 19:59:05.224191", "-290308-12-21T19:59:05.224192Z", "1900-01-01 00:00:00", "1883-11-18 12:00:00 America/New_York", "1850-01-01 00:00:00 Europe/Berlin", "1582-10-10 00:00:00", "0001-01-01 00:00:00",
    "2020-03-29 02:30:00", "2020-10-25 02:30:00", "2020-03-08 02:30:00", "2020-11-01 01:30:00", "2020-03-29 02:30:00 Europe/Paris", "2020-10-25 02:30:00 Europe/Paris", "2100-07-01 00:00:00 Europe/Paris", "2020-01-01 12:34:56 Etc/GMT+5", "2020-01-01 12:34:56 SystemV/PST",
    "2020-01-01 12:34:56 AM", "2020-01-01 12:34:56 PM", "2020-01-01 +1", "2020-01-01 -1:0", "2020-1-1 1:1:1.1 +1:1", "2020-01-01 12:34:56.1 Z ", "2020-01-01 12:34:56 ACT", "2020-01-01 12:34:56 HST", "2020-01-01 12:34:56 MST",
    "2020-01-01 12:34:56 U", "2020-01-01 12:34:56 -", "2020-01-01 12:34:56 +", "2020-01-01 12:34:56 GMT0", "2020-01-01 12:34:56 UCT", "2020-01-01 12:34:56+25:00", "2020-01-01 12:34:56+1:61", "T00:00", "T1", "1:1", "24:00", "2011-05-06 07:08:09.1000", "2015-03-18 123142", "2015-03-18 123",
    "2015-03-18XXX", "2020-01-01T12:34:56.123456+", "2020-01-01 00:00:00 UTC+0", "2020-01-01 00:00:00 UTC+18:00", "2020-01-01 00:00:00 UTC+18:30", "2020-01-01 00:00:00 UTC+1:2:3", "2020-01-01 00:00:00 GMT+1:30", "2020-01-01 00:00:00 +1:30", "2020-01-01 00:00:00 GMT+0130"]

TIMES = ["", "12:34:56", "12:34", "1:2:3", "T12:34:56", "12:34:56.1", "12:34:56.123456", "12:34:56.1234567", " 12:34:56 ", "24:00:00", "23:59:60", "12", "12:34:56Z", "12:34:56 PM", "12:34:56 AM", "12:00 am", "12:00PM", "1 PM", "13:00 PM", "0:00 AM",
         "00:00:00", "23:59:59.999999", "2020-01-01 12:34:56", "12:34:56.", "12:34:", "x", "12:34:56+01:00", "012:34:56", "t12:34", "1:00:00 pm", "1:00:00  pm"]

INTERVALS = ["", " ", "1 day", "interval 1 day", "INTERVAL 1 DAY", "interval", "1", "1 day 2 hours", "-1 day", "+1 day", "- 1 day", "1 days", "1 year 2 months 3 weeks 4 days 5 hours 6 minutes 7 seconds 8 milliseconds 9 microseconds", "1.5 seconds", "1.5 second", "1.5 day", "1.5 hours", "0.1 second", ".5 seconds",
    "-.5 seconds", "1. seconds", "1.123456789 seconds", "1.1234567891 seconds", "1 foo", "1 second 1 second", "1 day1 hour", "1\tday", "1  day  ", "interval '1' day", "interval '1 day'", "9223372036854775807 microseconds", "9223372036854775808 microseconds", "-9223372036854775808 microseconds", "2147483647 days", "2147483648 days", "178956970 years 7 months",
    "178956970 years 8 months", "-178956970 years -8 months", "106751991 days 4 hours", "2562047788 hours", "9223372036854 seconds", "9223372036855 seconds", "1 nanosecond", "1 quarter", "1 century", "1-2", "1 2:03:04", "P1D", "interval 1 day 2", "interval1 day", "intervalday", "1 weeks -2 days", "1 year -1 month", "0 days", "-0.5 second", "-1.5 seconds", "1 milliseconds", "1.5 milliseconds", "1 day -", "day", "a day", "1e1 day", "306783378 weeks", "306783379 weeks", "1 month\u0000"]

YM = ["1-2", "-1-2", "+1-2", "1-12", "1-11", "0-0", "178956970-7", "178956970-8", "-178956970-8", "-178956970-9", "INTERVAL '1-2' YEAR TO MONTH", "interval '-1-2' year to month", "interval -'1-2' year to month", "INTERVAL '1' YEAR", "INTERVAL '5' MONTH", "1", "-5", " 1-2 ", "1- 2", "1-2-3", "", "x", "INTERVAL '1-2' YEAR", "interval - '1-2' year to month", "INTERVAL '1' DAY", "99999999999", "2147483647", "2147483648", "178956971"]
DT = ["1 2:03:04", "1 02:03:04.5", "-1 02:03:04.123456", "+1 02:03:04", "1 24:00:00", "1 23:60:00", "1 23:59:60", "106751991 04:00:54.775807", "106751991 04:00:54.775808", "-106751991 04:00:54.775808", "-106751991 04:00:54.775809", "INTERVAL '1 2:03:04' DAY TO SECOND", "INTERVAL -'1 2:03:04' DAY TO SECOND", "INTERVAL '-1 2:03:04' DAY TO SECOND", "INTERVAL '1 2' DAY TO HOUR",
      "INTERVAL '1 2:3' DAY TO MINUTE", "INTERVAL '2:3' HOUR TO MINUTE", "INTERVAL '2:3:4.5' HOUR TO SECOND", "INTERVAL '3:4.5' MINUTE TO SECOND", "INTERVAL '1' DAY", "INTERVAL '1' HOUR", "INTERVAL '1' MINUTE", "INTERVAL '1.5' SECOND", "1", "1.5", "2:3", "1 2", "1 2:3", "2:3:4", "x", "", " 1 2:03:04 ", "1 2:03:04.1234567890", "1T2:03:04", "9223372036854.775807", "9223372036854.775808", "999999999999", "INTERVAL '1-2' YEAR TO MONTH"]

PATTERNS = """yyyy-MM-dd|yyyy-MM-dd HH:mm:ss|yyyy-MM-dd'T'HH:mm:ss.SSSXXX|y|yy|yyy|yyyy|yyyyy|yyyyyy|yyyyyyy|M|MM|MMM|MMMM|MMMMM|L|LL|LLL|LLLL|LLLLL|d|dd|ddd|D|DD|DDD|DDDD|E|EE|EEE|EEEE|EEEEE|e|u|F|FF|a|aa|h|hh|hhh|K|KK|k|kk|H|HH|HHH|m|mm|s|ss|sss|S|SS|SSS|SSSS|SSSSS|SSSSSS|SSSSSSS|SSSSSSSSS|SSSSSSSSSS
z|zz|zzz|zzzz|zzzzz|Z|ZZ|ZZZ|ZZZZ|ZZZZZ|ZZZZZZ|x|xx|xxx|xxxx|xxxxx|xxxxxx|X|XX|XXX|XXXX|XXXXX|O|OO|OOOO|V|VV|VVV|q|qq|qqq|qqqq|qqqqq|Q|QQ|QQQ|QQQQ|G|GG|GGG|GGGG|GGGGG|Y|w|W|A|n|N|B|p|c|I|T|'x|'x'|''|'it''s'|[yyyy]|[|]|yyyy[-MM[-dd]]|{|#|é|yyyy年MM月|dd/MM/yyyy|MM/dd/yyyy hh:mm a|EEE, d MMM yyyy HH:mm:ss Z|yyyyMMdd|yyyyMMddHHmmss|yyyyMMddHHmmssSSS|HH:mm|
yyyy-DDD|yyyy-'Q'q|MMM d, yyyy|yyyy-MM-dd HH:mm:ss z|yyyy-MM-dd HH:mm:ss VV|yyyy-MM-dd HH:mm:ss O|GGGG yyyy|h a|hh:mm:ss.SSSSSS a|ss.SSS|EEEE MMMM dd|dd.MM.yy|yyyy.MM.dd G|K a|k|uuuu|yyyy-MM-dd EEE F|M/d/yy|d MMM|yyyy M|.|-|%|a a|ddMMyyyy|[yyyy-MM-dd][dd/MM/yyyy]|yyyy-MM-dd[ HH:mm]|S s|mm:ss|l|yyyy-MM-dd hh|hh:mm|yyyy-MM-dd KK:mm a|yyyy-MM-dd kk:mm|yyyy-MM-dd'T'HH:mm:ss'Z'|yyyy-MM-dd HH:mm:ss.S|yyyy-MM-dd HH:mm:ss.SSSSSS|yyyy-MM-dd HH:mm:ss Z|yyyy-MM-dd HH:mm:ss zzzz|LLLL d|QQQ yyyy|MMMM yyyy"""

INSTANTS = ["2020-01-02 03:04:05.123456", "1999-12-31 23:59:59.9", "0005-06-07 00:00:00", "-0044-03-15 12:00:00", "12020-07-15 15:00:00", "1970-01-01 00:00:00", "2020-07-31 12:30:00.000001"]

PARSES = [("yyyy-MM-dd", ["2020-01-02", "2020-1-2", "2020-01-32", "2020-02-30", "2020-01-02 ", "02020-01-02", "20-01-02", "-2020-01-02", "+12020-01-02", "12020-01-02", "2020-01-02x", ""]),
    ("yyyy-M-d", ["2020-01-02", "2020-1-2", "2020-1-02"]), ("yyyyMMdd", ["20200102", "2020012", "2020-01-02"]), ("yy-MM-dd", ["20-01-02", "99-01-02", "2020-01-02"]), ("y-M-d", ["20-1-2", "2020-1-2", "99999-1-2"]),
    ("dd/MM/yyyy", ["02/01/2020", "2/1/2020"]), ("yyyy-MM-dd HH:mm:ss", ["2020-01-02 03:04:05", "2020-01-02 24:04:05", "2020-01-02 03:04", "2020-01-02T03:04:05"]), ("yyyy-MM-dd hh:mm a", ["2020-01-02 03:04 PM", "2020-01-02 12:04 AM", "2020-01-02 12:04 am", "2020-01-02 13:04 PM"]),
    ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", ["2020-01-02T03:04:05.123Z", "2020-01-02T03:04:05.123+01:00", "2020-01-02T03:04:05.1+01:00"]), ("yyyy-MM-dd HH:mm:ss.S", ["2020-01-02 03:04:05.1", "2020-01-02 03:04:05.123456"]), ("yyyy-MM-dd HH:mm:ss.SSSSSS", ["2020-01-02 03:04:05.1", "2020-01-02 03:04:05.123456", "2020-01-02 03:04:05.1234567"]),
    ("yyyy", ["2020", "20", "abc"]), ("yyyy-MM", ["2020-05"]), ("MM-dd", ["02-03", "02-29"]), ("HH:mm", ["12:34"]), ("yyyy-DDD", ["2020-366", "2021-366", "2020-001"]), ("MMM d, yyyy", ["Jan 2, 2020", "jan 2, 2020", "JAN 2, 2020", "January 2, 2020", "Sep 12, 2020", "Sept 12, 2020"]), ("MMMM d yyyy", ["January 2 2020", "May 2 2020", "jan 2 2020"]),
    ("EEE, d MMM yyyy HH:mm:ss Z", ["Thu, 2 Jan 2020 03:04:05 +0100", "Fri, 2 Jan 2020 03:04:05 +0100"]), ("yyyy-MM-dd HH:mm:ss z", ["2020-01-02 03:04:05 UTC", "2020-01-02 03:04:05 PST", "2020-01-02 03:04:05 Europe/Paris", "2020-01-02 03:04:05 CET"]), ("yyyy-MM-dd HH:mm:ss VV", ["2020-01-02 03:04:05 Europe/Paris", "2020-01-02 03:04:05 +01:00", "2020-01-02 03:04:05 Z"]),
    ("yyyy-MM-dd HH:mm:ss O", ["2020-01-02 03:04:05 GMT+1", "2020-01-02 03:04:05 GMT"]), ("yyyy-MM-dd HH:mm:ss x", ["2020-01-02 03:04:05 +01", "2020-01-02 03:04:05 +0130"]), ("yyyy-MM-dd HH:mm:ss XXX", ["2020-01-02 03:04:05 Z", "2020-01-02 03:04:05 +01:30"]), ("yyyy[-MM[-dd]]", ["2020", "2020-02", "2020-02-03", "2020-"]), ("[yyyy-MM-dd][dd/MM/yyyy]", ["2020-01-02", "02/01/2020", ""]),
    ("yyyy-MM-dd G", ["2020-01-02 AD", "0044-03-15 BC"]), ("yyyy 'Q'q", ["2020 Q2"]), ("d", ["3", "33"]), ("dd", ["03", "3"]), ("M", ["2"]), ("ss.SSS", ["05.123"]), ("yyyyMMddHHmmssSSS", ["20200102030405123"]), ("yyyyMMddHHmmss", ["20200102030405"]), ("k", ["24", "0"]), ("K a", ["0 AM", "11 PM"]), ("yyyy-MM-dd kk", ["2020-01-02 24", "2020-01-02 01"]),
    ("E", ["Thu"]), ("yyyy-MM-dd EEEE", ["2020-01-02 Thursday", "2020-01-02 Friday"]), ("yyyyy-MM-dd", ["02020-01-02", "2020-01-02", "12020-01-02"]), ("yyy-MM-dd", ["2020-01-02", "020-01-02"]), ("''yyyy", ["'2020"]), ("yyyy-MM-dd'T'HH:mm:ss'Z'", ["2020-01-02T03:04:05Z"]), ("a", ["AM", "pm"]), ("hh:mm", ["03:04", "13:04"]), ("HH:mm:ss", ["25:00:00", "23:59:59"]), ("yyyy-MM-dd FF", ["2020-01-02 01"]), ("Y", ["2020"]), ("yyyy-MM-dd'", ["2020-01-02"]), ("M/d/yy", ["1/2/20", "1/2/70", "12/31/99"]), ("yyyy-MM-dd HH:mm:ss.SSS", ["2020-01-02 03:04:05.123", "2020-01-02 03:04:05.12", "2020-01-02 03:04:05"]), ("D", ["45"]), ("yyyy D", ["2020 45"]), ("yyyy-LL-dd", ["2020-01-02"]), ("LLL yyyy", ["Jan 2020"]), ("yyyy-MM-dd'T'HH:mm[:ss]", ["2020-01-02T03:04", "2020-01-02T03:04:05"]),
    ("yyyy-MM-dd HH:mm:ss Z", ["2020-01-02 03:04:05 +0130", "2020-01-02 03:04:05 +01:30", "2020-01-02 03:04:05 Z"]), ("yyyy-MM-dd HH:mm:ss ZZZZZ", ["2020-01-02 03:04:05 +01:30", "2020-01-02 03:04:05 Z"]), ("S", ["1", "123456"]), ("SSS", ["123", "1"])]

LITERALS = """1|1L|1S|1Y|1.50|1.5D|1e10|-1|1BD|0.1F|'abc'|'it\\'s'|''|null|true|date'2020-01-02'|timestamp'2020-01-02 03:04:05.12'|timestamp_ntz'2020-01-02 03:04:05'|timestamp'2020-01-02 03:04:05 Europe/Paris'|interval 1 day|interval '1-2' year to month|interval '1 2:03:04.5' day to second|interval 3 months 2 days|interval '5' month|interval '2:3' hour to minute|interval -'1' second
X'1F'|X''|array(1,2)|array()|map('a',1)|named_struct('a',1,'b','x')|cast('NaN' as double)|cast('Infinity' as double)|double('-Infinity')|float('NaN')|float(1.5)|double(1.5)|1e300D|1e-7D|123456789.0D|0.001D|12345678901234567890|1.0|100000000000000000000.5|cast(1 as decimal(5,2))|date'-0044-03-15'|date'12020-01-01'|interval '0' day|interval 1 year|interval 100 microseconds|interval '-1 2:03:04' day to second|'a\\nb'|time'12:34:56'|time'12:34:56.5'|interval '1:2.5' minute to second|interval '1.000001' second|- interval '1' day|9223372036854775807|-9223372036854775808|interval '0-0' year to month|interval 0 seconds|current_date() is null|'é'|'a"b'|-1.5|- 1"""

DOUBLES = [0.0, -0.0, 1.0, -1.0, 0.1, 0.3, 1e-3, 1e-4, 9.999e-4, 123456.789, 1e6, 1e7, 9999999.0, 9999999.999, 12345678.0, 1e10, 1e21, 1e22, 1e23, 2e23, 1e100, 4.9e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2.0**53, 2.0**63, 1 / 3, 2 / 3, 100.0, 1e-5, 1.1e-10, 3.0e10, 5e-324, 9007199254740993.0, 2.0e-3, 1.0e-3, 0.30000000000000004, 1.0E23, 8.41E21, 2.0E-322, 1234567.0, 0.001, 0.00123, 5.0E-4]


def main():
    out = pathlib.Path(sys.argv[1])
    spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
             .config("spark.sql.timeType.enabled", "true").config("spark.sql.shuffle.partitions", "1").getOrCreate())
    spark.sparkContext.setLogLevel("OFF")
    jvm = spark._jvm

    def failure(error):
        java = getattr(error, "java_exception", None)
        if hasattr(error, "getCondition") and error.getCondition() is not None:
            return {"condition": error.getCondition(), "parameters": error.getMessageParameters(), "message": str(error)}
        while java is not None:
            try:
                if java.getCondition() is not None:
                    return {"condition": java.getCondition(), "parameters": dict(java.getMessageParameters()), "message": java.getMessage(), "class": java.getClass().getName()}
            except Exception:
                pass
            java = java.getCause()
        return {"unknown": str(error)[:300]}

    def write(name, rows):
        with open(out / f"{name}.jsonl", "w") as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def ddl():
        for text in DDL.replace("\n", "|").split("|"):
            row = {"text": text}
            for reader in ("fromDDL", "parseDataType", "parseTableSchema"):
                try:
                    if reader == "fromDDL":
                        kind = jvm.org.apache.spark.sql.types.DataType.fromDDL(text)
                    else:
                        kind = getattr(jvm.org.apache.spark.sql.catalyst.parser.DataTypeParser, reader)(text)
                    got = {"json": kind.json(), "sql": kind.sql(), "simple": kind.simpleString(), "catalog": kind.catalogString()}
                    if kind.getClass().getSimpleName() == "StructType":
                        got["tree"] = kind.treeString()
                        got["ddl"] = kind.toDDL()
                    row[reader] = got
                except Exception as error:
                    row[reader] = failure(error)
            yield row

    def casts():
        sets = {"numbers": (NUMBERS, ["tinyint", "smallint", "int", "bigint", "float", "double", "decimal(5,2)", "decimal(38,0)", "decimal(38,38)", "decimal(10,0)", "boolean"]),
                "dates": (TIMESTAMPS, ["date"]), "timestamps": (TIMESTAMPS, ["timestamp", "timestamp_ntz"]), "times": (TIMES + TIMESTAMPS[-40:], ["time(6)"]),
                "intervals": (INTERVALS, ["interval"])}
        for ansi in ("false", "true"):
            spark.conf.set("spark.sql.ansi.enabled", ansi)
            for zone in ("UTC", "America/Los_Angeles", "Europe/Paris"):
                spark.conf.set("spark.sql.session.timeZone", zone)
                for values, kinds in sets.values():
                    for kind in kinds:
                        if zone != "UTC" and kind != "timestamp" or ansi == "true" and kind == "timestamp" and zone != "UTC":
                            continue
                        shown = f"unix_micros(cast(s as timestamp))" if kind == "timestamp" else f"unix_date(cast(s as date))" if kind == "date" else f"unix_micros(to_utc_timestamp(cast(s as timestamp_ntz), 'UTC'))" if kind == "timestamp_ntz" else f"cast(s as {kind})"
                        frame = spark.createDataFrame([(v,) for v in values], "s string")
                        if ansi == "false":
                            try:
                                got = [r[0] for r in frame.selectExpr(f"cast({shown} as string)").collect()]
                            except Exception as error:
                                print("failed", kind, str(error)[:200], file=sys.stderr)
                                continue
                            for value, text in zip(values, got):
                                yield {"type": kind, "zone": zone, "text": value, "value": text}
                        else:
                            seen = 0
                            for value in values:
                                if seen >= 12:
                                    break
                                try:
                                    spark.createDataFrame([(value,)], "s string").selectExpr(f"cast({shown} as string)").collect()
                                except Exception as error:
                                    seen += 1
                                    yield {"type": kind, "ansi": True, "text": value, "error": failure(error)}
        spark.conf.set("spark.sql.ansi.enabled", "true")
        spark.conf.set("spark.sql.session.timeZone", "UTC")

    def intervals():
        """One query a value: casts to ANSI intervals fail even in legacy mode."""
        sets = ((YM, ["interval year to month", "interval year", "interval month"]),
                (DT, ["interval day to second", "interval day", "interval hour to minute", "interval second", "interval minute to second", "interval day to hour"]))
        for values, kinds in sets:
            for kind in kinds:
                for value in values:
                    try:
                        yield {"type": kind, "text": value, "value": spark.createDataFrame([(value,)], "s string").selectExpr(f"cast(cast(s as {kind}) as string)").collect()[0][0]}
                    except Exception as error:
                        yield {"type": kind, "text": value, "error": failure(error)}
        for value in INTERVALS:
            try:
                spark.createDataFrame([(value,)], "s string").selectExpr("cast(cast(s as interval) as string)").collect()
            except Exception as error:
                yield {"type": "interval", "text": value, "error": failure(error)}

    def numbers():
        frame = spark.createDataFrame([(v, v) for v in DOUBLES], "d double, t double")
        for value, double, single in frame.selectExpr("d", "cast(d as string)", "cast(try_cast(d as float) as string)").collect():
            yield {"double": repr(value), "text": double, "float": single}
        decimals = ["0", "0.00", "1.50", "-1.50", "1e-7", "0.0000001", "0.000001", "123456789012345678901234567890.12345678", "1e-20", "0.0000000000", "-0.0000000001", "100"]
        for text in decimals:
            for kind in ("decimal(38,8)", "decimal(38,20)", "decimal(20,2)", "decimal(38,0)", "decimal(38,10)"):
                got = spark.sql(f"select cast(try_cast('{text}' as {kind}) as string)").collect()[0][0]
                yield {"text": text, "type": kind, "decimal": got}

    def prints():
        for zone in ("UTC", "America/Los_Angeles", "Asia/Kolkata"):
            spark.conf.set("spark.sql.session.timeZone", zone)
            for micros in (0, -1, 1, 1577934245123456, 1577934245100000, -62135596800000000, -62198755200000000, 253402300800000000, 9223372036854775807, -9223372036854775808, -2717640000000000, 1585447200000000, 123000):
                yield {"zone": zone, "micros": micros, "text": spark.sql(f"select cast(timestamp_micros({micros if micros != -9223372036854775808 else '-9223372036854775807 - 1'}) as string)").collect()[0][0]}
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        for days in (0, -1, 18263, -719162, -719163, -719528, -719529, 2932896, 2932897, 2147483647, -2147483648):
            yield {"days": days, "text": spark.sql(f"select cast(date_from_unix_date({days}) as string)").collect()[0][0]}
        for months in (0, 1, -1, 14, -14, 2147483647, -2147483648):
            for kind in ("year to month", "year", "month"):
                row = spark.sql(f"select cast(cast(make_ym_interval(0, {months if months != -2147483648 else '-2147483647 - 1'}) as interval {kind}) as string)").collect()[0][0]
                yield {"months": months, "type": f"interval {kind}", "text": row}
        for micros in (0, 1, -1, 93784500000, -93784500000, 9223372036854775807, -9223372036854775807, 1000000, 59000001, 3599999999):
            for kind in ("day to second", "day to hour", "day to minute", "day", "hour to second", "hour to minute", "hour", "minute to second", "minute", "second"):
                interval = jvm.org.apache.spark.sql.catalyst.util.IntervalUtils
                names = ["day", "hour", "minute", "second"]
                parts = kind.split(" to ")
                styles = jvm.org.apache.spark.sql.catalyst.util.IntervalStringStyles
                text = interval.toDayTimeIntervalString(micros, getattr(jvm, "org.apache.spark.sql.catalyst.util.IntervalStringStyles$") and jvm.java.lang.Class.forName("org.apache.spark.sql.catalyst.util.IntervalStringStyles$").getField("MODULE$").get(None).ANSI_STYLE(), names.index(parts[0]), names.index(parts[-1]))
                yield {"micros": micros, "type": f"interval {kind}", "text": text}
        for months, days, micros in ((0, 0, 0), (14, 3, 93784500000), (-14, -3, -93784500000), (12, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, -1), (1, -1, 1), (0, 0, 3600000000), (0, 0, 60000000), (0, 0, 1000000), (0, 0, 1500000), (0, 0, -9223372036854775808), (2147483647, 2147483647, 9223372036854775807)):
            text = jvm.org.apache.spark.unsafe.types.CalendarInterval(months, days, micros).toString()
            yield {"months": months, "days": days, "micros": micros, "text": text}

    def patterns():
        for zone in ("UTC", "America/Los_Angeles"):
            spark.conf.set("spark.sql.session.timeZone", zone)
            frame = spark.createDataFrame([(v,) for v in INSTANTS], "s string").selectExpr("s", "cast(s as timestamp) t")
            for pattern in PATTERNS.replace("\n", "|").split("|"):
                try:
                    got = [r[0] for r in frame.select(F.date_format("t", pattern)).collect()]
                    for value, text in zip(INSTANTS, got):
                        yield {"pattern": pattern, "zone": zone, "instant": value, "text": text}
                except Exception as error:
                    yield {"pattern": pattern, "zone": zone, "format_error": failure(error)}
        spark.conf.set("spark.sql.session.timeZone", "America/Los_Angeles")
        for policy in ("CORRECTED", "EXCEPTION"):
            spark.conf.set("spark.sql.legacy.timeParserPolicy", policy)
            for pattern, texts in PARSES:
                for text in texts:
                    frame = spark.createDataFrame([(text,)], "s string")
                    row = {"pattern": pattern, "policy": policy, "zone": "America/Los_Angeles", "text": text}
                    for name, shown in (("timestamp", "unix_micros(to_timestamp(s, p))"), ("date", "unix_date(to_date(s, p))"), ("ntz", "unix_micros(to_utc_timestamp(to_timestamp_ntz(s, p), 'UTC'))")):
                        if policy == "EXCEPTION" and name != "timestamp":
                            continue
                        try:
                            row[name] = frame.selectExpr(shown.replace("p)", "'" + pattern.replace("\\", "\\\\").replace("'", "\\'") + "')")).collect()[0][0]
                        except Exception as error:
                            row[name] = failure(error)
                    yield row
        spark.conf.set("spark.sql.legacy.timeParserPolicy", "CORRECTED")
        spark.conf.set("spark.sql.session.timeZone", "UTC")

    def literals():
        for zone in ("UTC", "Asia/Kolkata"):
            spark.conf.set("spark.sql.session.timeZone", zone)
            for text in LITERALS.replace("\n", "|").split("|"):
                try:
                    frame = spark.sql(f"select {text}")
                    expression = frame._jdf.queryExecution().optimizedPlan().expressions().head()
                    child = expression.child() if expression.getClass().getSimpleName() == "Alias" else expression
                    yield {"text": text, "zone": zone, "name": frame.columns[0], "sql": child.sql(), "string": child.toString(), "type": frame.schema[0].dataType.simpleString(), "class": child.getClass().getSimpleName()}
                except Exception as error:
                    yield {"text": text, "zone": zone, "error": failure(error)}
        spark.conf.set("spark.sql.session.timeZone", "UTC")

    recorders = (ddl, numbers, prints, literals, casts, intervals, patterns)
    for recorder in [r for r in recorders if not sys.argv[2:] or r.__name__ in sys.argv[2:]]:
        try:
            write(recorder.__name__, recorder())
        except Exception as error:
            print(recorder.__name__, "stopped:", str(error)[:2000], file=sys.stderr)
        print(recorder.__name__, "done", file=sys.stderr)
    spark.stop()


if __name__ == "__main__":
    main()
