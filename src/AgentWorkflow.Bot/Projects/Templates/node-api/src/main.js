import { once } from 'node:events';
import { createApp } from './app.js';
import { readConfig } from './config.js';

/** Starts the service, and ends it when it is asked to. */
async function main() {
  const config = readConfig(process.env);
  const { server } = await createApp(config);
  server.listen(config.port, config.host);
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`Listening on http://${config.host}:${port}`);

  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      // What was begun is answered, and so stored; after that nothing keeps the process alive.
      server.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 10_000).unref();
    });
  }
}

main().catch((error) => {
  console.error(`The service cannot start: ${error.message}`);
  process.exitCode = 1;
});
