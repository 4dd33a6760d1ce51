import type * as Ffi from "node:ffi";
import { getSystemErrorName } from "node:util";
import { withForeignFunctions } from "./foreign-functions.ts";

/** UV_POLL */
const pollHandleType = 8;
/** UV_READABLE, UV_WRITABLE */
const readable = 1;
const writable = 2;

/** A descriptor under the eyes of the event loop. */
export interface DescriptorWatch {
  /** Whether to be told, too, when it can be written to. */
  setWritable(isAsked: boolean): void;
  /** Whether the process lives on for its sake. It does from the beginning. */
  setNeeded(isNeeded: boolean): void;
  /** Once. Resolves when the event loop has let go of it; the descriptor may be closed then, not before. */
  close(): Promise<void>;
}

export type OnDescriptorEvent = (isReadable: boolean, isWritable: boolean) => void;

/** Handles that the event loop holds. Nothing else of JavaScript might: a buffer that is collected is memory of others. */
const watched = new Set<object>();

/**
 * Watches a descriptor through a poll handle of libuv. `onEvent` must not throw: there is nobody above it. It is called from
 * outside Node's own callbacks: what it leaves for `process.nextTick` and for promises runs with the next immediate.
 *
 * The name of the system's error when the event loop does not take the descriptor.
 */
export type WatchDescriptor = (descriptor: number, onEvent: OnDescriptorEvent) => DescriptorWatch | string;

export const descriptorWatches: () => WatchDescriptor | string = withForeignFunctions(bound);

function bound(ffi: typeof Ffi): WatchDescriptor {
  const { lib, functions } = ffi.dlopen(null, {
    uv_handle_size: { return: "u64", arguments: ["i32"] },
    uv_poll_init: { return: "i32", arguments: ["pointer", "buffer", "i32"] },
    uv_poll_start: { return: "i32", arguments: ["buffer", "i32", "pointer"] },
    uv_poll_stop: { return: "i32", arguments: ["buffer"] },
    uv_ref: { return: "void", arguments: ["buffer"] },
    uv_unref: { return: "void", arguments: ["buffer"] },
    uv_close: { return: "void", arguments: ["buffer", "pointer"] },
  });
  const loop = ffi.getCurrentEventLoop();
  const handleBytes = Number(functions.uv_handle_size(pollHandleType));
  return (descriptor, onEvent) => {
    const handle = Buffer.alloc(handleBytes);
    let isClosing = false;
    const onPoll = lib.registerCallback(
      { return: "void", arguments: ["pointer", "i32", "i32"] },
      (_handle, status, events) => {
        onEvent(status < 0 || (events & readable) !== 0, (events & writable) !== 0);
        // The event loop gives up a descriptor with an error, which is over now that it was read.
        if (status < 0 && !isClosing) functions.uv_poll_start(handle, readable, onPoll);
      },
    );
    lib.refCallback(onPoll);
    const refused = functions.uv_poll_init(loop, handle, descriptor);
    if (refused < 0) {
      lib.unregisterCallback(onPoll);
      return getSystemErrorName(refused);
    }
    functions.uv_poll_start(handle, readable, onPoll);
    /** What the event loop refers to must outlive it. */
    const inUse = { handle, onPoll };
    watched.add(inUse);
    return {
      setWritable: (isAsked) => {
        functions.uv_poll_start(handle, isAsked ? readable | writable : readable, onPoll);
      },
      setNeeded: (isNeeded) => {
        if (isNeeded) functions.uv_ref(handle);
        else functions.uv_unref(handle);
      },
      close: async () => {
        isClosing = true;
        const closed = Promise.withResolvers<void>();
        const onClose = lib.registerCallback({ return: "void", arguments: ["pointer"] }, () => {
          // Not from within: a callback may not be given back while it runs.
          setImmediate(closed.resolve);
        });
        lib.refCallback(onClose);
        functions.uv_poll_stop(handle);
        functions.uv_close(handle, onClose);
        await closed.promise;
        watched.delete(inUse);
        lib.unregisterCallback(onPoll);
        lib.unregisterCallback(onClose);
      },
    };
  };
}
