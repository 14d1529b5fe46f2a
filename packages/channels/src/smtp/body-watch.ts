import type { Readable } from "node:stream";
import type { createTransport } from "nodemailer";

type Transport = ReturnType<typeof createTransport>;

/** Tells for each send, named by its signal, whether a byte of its message was given to a connection. */
interface BodyWatch {
  hasLeft(signal: AbortSignal): boolean;
}

/**
 * nodemailer's errors do not say how far a message came. But it reads the message's stream only once the server has
 * asked for it, so a stream that was read is a message that may have been accepted.
 */
export function watchBodies(transport: Transport): BodyWatch {
  const bodies = new WeakMap<AbortSignal, Readable>();

  transport.use("stream", ({ data, message }, done) => {
    const { signal } = data;
    if (signal) {
      const createReadStream = message.createReadStream.bind(message);
      message.createReadStream = (options) => {
        const body = createReadStream(options);
        bodies.set(signal, body);
        return body;
      };
    }
    done();
  });

  return { hasLeft: (signal) => bodies.get(signal)?.readableDidRead ?? false };
}
