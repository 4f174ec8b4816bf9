// Starts an S3 server on a free port of the loopback address, prints {"port": N} and ends when its standard input does:
//   node server.mjs fauxqs | s3rver FOLDER
// Servers at work do more than these two; what they all do and these do not is added here: fauxqs holds Content-MD5 against
// the body. An object's name can ask for trouble: "damaged" is changed on its way in, "breaks" loses the connection at part 2.
import { createHash } from 'node:crypto';
import { register } from 'node:module';

const bucket = 'agentworkflow';
const [kind, folder] = process.argv.slice(2);

async function fauxqs() {
  // It keeps queues in node:sqlite, which Node 20 does not have and nobody asks for here.
  const stub = 'data:text/javascript,export class DatabaseSync {}';
  const hooks = `export const resolve = (name, context, next) => name === 'node:sqlite' ? { url: '${stub}', shortCircuit: true } : next(name, context);`;
  register('data:text/javascript,' + encodeURIComponent(hooks));
  const { buildApp } = await import('./node_modules/fauxqs/dist/app.js');
  const { S3Store } = await import('./node_modules/fauxqs/dist/s3/s3Store.js');
  const s3Store = new S3Store();
  s3Store.createBucket(bucket);
  const { SqsStore } = await import('./node_modules/fauxqs/dist/sqs/sqsStore.js');
  const { SnsStore } = await import('./node_modules/fauxqs/dist/sns/snsStore.js');
  const app = buildApp({ logger: false, stores: { s3Store, sqsStore: new SqsStore(), snsStore: new SnsStore() } });
  app.addHook('preHandler', async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : undefined;
    if (request.url.includes('breaks') && request.url.includes('partNumber=2')) {
      request.raw.socket.destroy();
    } else if (body?.length > 0 && request.url.includes('damaged')) {
      body[0] ^= 1;
    } else if (body && request.headers['content-md5'] && request.headers['content-md5'] !== createHash('md5').update(body).digest('base64')) {
      return reply.code(400).type('application/xml').send('<Error><Code>BadDigest</Code><Message>The Content-MD5 did not match.</Message></Error>');
    }
  });
  app.get('/_uploads', async () => s3Store.multipartUploads.size);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}

async function s3rver() {
  const { default: S3rver } = await import('@20minutes/s3rver');
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder, configureBuckets: [{ name: bucket }] });
  // It checks signatures, but knows the bucket's own address only as Amazon's JavaScript client writes it: without the last slash.
  server.middleware.unshift((ctx, next) => {
    ctx.app = Object.create(ctx.app, { allowMismatchedSignatures: { value: ctx.path === `/${bucket}/` } });
    return next();
  });
  return (await server.run()).port;
}

process.stdin.resume().on('end', () => process.exit(0));
console.log(JSON.stringify({ port: await (kind === 's3rver' ? s3rver() : fauxqs()) }));
