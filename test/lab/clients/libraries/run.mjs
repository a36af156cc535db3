// Runs one driver in the folder of its packages: `node run.mjs <driver> <task as JSON>`. Prints the results as JSON.
//
// A driver exports `connect(url, headers, answerForm)`, which gives `{ list, call, close }`. `answerForm` answers a form that
// the server asks the user to fill in. `call` gives undefined for a tool that is not on the list.
const [driver, given] = process.argv.slice(2);
const { connect } = await import(new URL(driver, import.meta.url).href);
const { servers, steps } = JSON.parse(given);
const answerForm = () => ({ action: 'accept', content: { name: 'Ada' } });
const textOf = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

const results = steps.map(() => null);
for (const { name, url, headers } of servers) {
  const mine = steps.map((step, index) => ({ ...step, index })).filter(({ server }) => server === name);
  let client;
  try {
    client = await connect(url, headers, answerForm);
    await client.list();
    for (const { tool, arguments: args, index } of mine) {
      results[index] = await client.call(tool, args).then(textOf, String);
    }
  } catch (error) {
    for (const { index } of mine) results[index] = String(error);
  }
  await client?.close().catch(() => undefined);
}
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
