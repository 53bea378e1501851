NAMES = {"Bearer 123": "Ada"}


def authorize(event, context):
    name = NAMES.get(event["authorizationToken"])
    if name is None:
        raise Exception("Unauthorized")  # API Gateway responds with 401
    return {
        "principalId": name,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}],
        },
    }
