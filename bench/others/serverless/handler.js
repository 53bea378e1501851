module.exports.hello = async (event, context) => {
  console.log(`request ${context.awsRequestId}`);
  return {statusCode: 200, headers: {"Content-Type": "application/json"}, body: '{"message": "hello world"}'};
};
