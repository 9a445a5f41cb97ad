"""Implicit ALS in Spark on the ratings that souklab export wrote.

usage: spark-submit docs/spark_als.py RATINGS OUTPUT [RANK ITERATIONS LAMBDA ALPHA]
"""
import sys

from pyspark.ml.recommendation import ALS
from pyspark.sql import SparkSession

ratings, output, *rest = sys.argv[1:]
rank, iterations, reg, alpha = (float(x) for x in (rest + [64, 10, 0.03, 10][len(rest):]))

spark = SparkSession.builder.appName("souk-als").getOrCreate()
model = ALS(rank=int(rank), maxIter=int(iterations), regParam=reg, alpha=alpha, implicitPrefs=True, seed=1,
            userCol="user", itemCol="item", ratingCol="rating").fit(spark.read.parquet(ratings + "/ratings.parquet"))
model.itemFactors.write.mode("overwrite").parquet(output + "/itemFactors")
model.userFactors.write.mode("overwrite").parquet(output + "/userFactors")
spark.stop()
