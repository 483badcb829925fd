"""Reads pages with Prometheus' own Python library and prints what it saw, for tst_exposition_differential.

argv: files; those named *.om are OpenMetrics. One JSON list a file: [labels with __name__, value, time in ms or null] in the
order of the page, or null when the library refuses the page. Values are texts, as JSON knows no NaN."""
import json
import math
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text


def value_text(value):
    if math.isnan(value):
        return "nan"
    return repr(float(value))


def samples_of(name):
    with open(name, encoding="utf-8", newline="") as page:
        text = page.read()
    read = read_openmetrics if name.endswith(".om") else read_text
    samples = []
    for family in read(text):
        for sample in family.samples:
            labels = {key: value for key, value in sample.labels.items() if value}
            labels["__name__"] = sample.name
            at = None if sample.timestamp is None else round(float(sample.timestamp) * 1000)
            samples.append([labels, value_text(sample.value), at])
    return samples


for file in sys.argv[1:]:
    try:
        print(json.dumps(samples_of(file)))
    except ValueError:
        print("null")
