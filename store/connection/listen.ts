import { Client } from 'pg';

/** Hears a database channel and calls back; reconnects by itself. Returns how to stop. */
export async function listen(url: string, channel: string, heard: () => void): Promise<() => Promise<void>> {
  let isStopped = false;
  let client: Client | undefined;
  const connect = async (): Promise<void> => {
    const next = new Client({ connectionString: url, application_name: 'interdict-listen' });
    next.on('notification', heard);
    next.on('error', () => {});
    next.on('end', () => {
      // Missed notifications are caught by the caller's polling; only the wake-up comes back here.
      if (!isStopped) setTimeout(() => void connect().catch(() => {}), 1_000).unref();
    });
    await next.connect();
    await next.query(`listen ${channel}`);
    client = next;
    heard();
  };
  await connect();
  return async () => {
    isStopped = true;
    await client?.end();
  };
}
