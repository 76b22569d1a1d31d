/** Ends a `switch` that covers its union: a new member that is not handled is a type error here. */
export const unreachable = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
