// A service that leaks: websocket push messages stay in Buffers, outside the JavaScript heap. Prints `ready` when its
// memory is full, and waits to be ended.

const MESSAGES = 200_000;

// Property of the global object: module variables are collected after the module has run.
globalThis.kept = [];

function pushMessage(userId) {
  const body = { channel: 'websocket', userId, unread: (userId * 7) % 100, text: '您有新的未读消息' };
  return Buffer.from(`42["push",${JSON.stringify(body)}]`);
}

for (let i = 0; i < MESSAGES; i++) {
  // Not from the pool: each message gets its own malloc block, as in native addons.
  const message = pushMessage(100_000 + i);
  const block = Buffer.allocUnsafeSlow(message.length);
  message.copy(block);
  globalThis.kept.push(block);
}

console.log(`ready ${process.pid} ${globalThis.kept.length}`);
process.stdin.resume();
process.stdin.on('end', () => process.exit());
