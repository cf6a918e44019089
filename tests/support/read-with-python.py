"""Prints the rows of a query as Google's Python client gives them, a JSON object per line.   python <url> <project> <sql>"""
import json
import sys

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

url, project, sql = sys.argv[1:]
client = bigquery.Client(project, AnonymousCredentials(), client_options=ClientOptions(api_endpoint=url))
for row in client.query_and_wait(sql):
    print(json.dumps(dict(row), default=lambda value: value.isoformat()))
