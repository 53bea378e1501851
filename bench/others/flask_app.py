"""The hello-world example behind Flask in debug mode, by the route and the event that the template has."""
import re
import sys
import uuid

from flask import Flask, Response, request

app = Flask(__name__)
TEMPLATE = sys.argv[2]
PATH = re.search(r"Path: (\S+)", open(TEMPLATE).read()).group(1)


def hello(event):
    print("request", event["requestContext"]["requestId"])
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": '{"message": "hello world"}'}


@app.route(PATH)
def answer():
    event = {
        "httpMethod": request.method,
        "path": request.path,
        "headers": dict(request.headers),
        "queryStringParameters": request.args.to_dict() or None,
        "body": request.get_data(as_text=True) or None,
        "requestContext": {"requestId": str(uuid.uuid4()), "stage": "Prod"},
    }
    result = hello(event)
    return Response(result["body"], result["statusCode"], result["headers"])


app.run(host="127.0.0.1", port=int(sys.argv[1]), debug=True)
