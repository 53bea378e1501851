const prices = { apple: 30, pear: 45 };

export const handler = async event => {
  const price = prices[event.pathParameters.item];
  return price === undefined ? { statusCode: 404, body: 'unknown item' }
    : { statusCode: 200, body: `${price} cents` };
};
