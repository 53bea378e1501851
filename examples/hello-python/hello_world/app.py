"""The function behind GET /hello."""
import json
import logging

from greetings import greet

logger = logging.getLogger()
logger.setLevel("INFO")


def lambda_handler(event, context):
    """Takes an event of an API Gateway REST API and returns its response."""
    name = (event["queryStringParameters"] or {}).get("name", "world")
    logger.info("greeting %s", name)
    return {"statusCode": 200, "body": json.dumps({"message": greet(name)})}
