import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy whose line can be cut: browsers' own offline modes leave open sockets working. */
export interface TcpProxy {
  port: number;
  /** Where new connections go. */
  target: { host: string; port: number };
  /** Break every connection and let no new one through. */
  cut(): void;
  /** Like a dead router: connections stay open, nothing passes. */
  freeze(): void;
  restore(): void;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  /** Add `Origin: <the proxy's own>` to each connection's first request: Node's clients send none, browsers always do. */
  ownOrigin?: boolean;
}

export async function tcpProxy(
  target: { host: string; port: number },
  options: TcpProxyOptions = {},
): Promise<TcpProxy> {
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((client) => {
    if (state === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(proxy.target);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    if (options.ownOrigin !== true) client.pipe(upstream);
    else {
      client.once('data', (first: Buffer) => {
        const [line = '', ...rest] = first.toString('latin1').split('\r\n');
        upstream.write([line, `Origin: http://127.0.0.1:${proxy.port}`, ...rest].join('\r\n'), 'latin1');
        client.pipe(upstream);
      });
    }
    upstream.pipe(client);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end).setNoDelay(true);
    if (state === 'frozen') hold(pair);
  });
  const hold = ([client, upstream]: [Socket, Socket]) => {
    client.unpipe(upstream).pause();
    upstream.unpipe(client).pause();
  };
  const proxy: TcpProxy = {
    port: 0,
    target,
    cut() {
      state = 'cut';
      for (const [client, upstream] of [...pairs]) {
        client.destroy();
        upstream.destroy();
      }
    },
    freeze() {
      state = 'frozen';
      for (const pair of pairs) hold(pair);
    },
    restore() {
      const held = state === 'frozen';
      state = 'open';
      // Piping an open line once more would double what passes.
      if (!held) return;
      for (const [client, upstream] of pairs) {
        client.pipe(upstream);
        upstream.pipe(client);
      }
    },
    close() {
      proxy.cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}
