// A proxy in front of two nodes that sends each request to the other node than the one before: whatever a node keeps to
// itself between two requests is found out at once. It keeps Host and cookies as they are and counts what it sends where.
import { createServer, request } from 'node:http';

export function alternatingProxy(port, nodes) {
  const sent = nodes.map(() => 0);
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const index = turn++ % nodes.length;
    sent[index] += 1;
    const onward = request(
      { host: '127.0.0.1', port: nodes[index], method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    });
    incoming.pipe(onward);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({
        sent,
        stop: () => new Promise((done) => {
          server.close(done);
          server.closeAllConnections();
        }),
      }));
  });
}
