"""Networks that fail, between a client and a server: one proxy for bytes, one for calls.

TcpFaults knows nothing of what it forwards: it delays pieces, cuts connections (an orderly end or a reset), and holds them half open
(both ends live, nothing passes) until it resets them. CallFaults is a gRPC server that forwards messages unread: it sends calls twice (at
once, or again when the first is long over), holds them back so that later ones overtake them, and loses answers. Faults come by
a seed; how often is a setting. Each counts what it did in `faults`.
"""

import asyncio
import collections
import contextlib
import random
import socket
import struct
import threading

import grpc

PIECE_BYTES = 16 << 10
HALF_OPEN_SECONDS_MAX = 2.0
STALE_SECONDS_MAX = 1.5


class _Loop:
    """An event loop on a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


class TcpFaults:
    """Listens on 127.0.0.1:port. `pieces`: on average one fault comes after so many pieces of data of a connection."""

    def __init__(self, target, seed=0, pieces=40):
        self.source, self.pieces, self.faults = random.Random(seed), pieces, collections.Counter()
        self.target, self.loop, self.tasks = target.removeprefix("sc://").rsplit(":", 1), _Loop(), set()
        self.server = self.loop.call(asyncio.start_server(self._connection, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        self.remote = f"sc://127.0.0.1:{self.port}"

    async def _connection(self, reader, writer):
        self.faults["connections"] += 1
        task = asyncio.current_task()
        self.tasks.add(task)
        try:
            out_reader, out_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        finally:
            self.tasks.discard(task)
        # What happens to this connection, and after how many pieces: one plan for both directions.
        fate = self.source.choice(["cut", "reset", "half open", "reset at one end"])
        # Some last long: a large message must come through one day.
        state = {"left": self.source.randint(1, 2 * self.pieces) * self.source.choice([1, 1, 10]), "fate": fate}
        ways = [asyncio.ensure_future(self._forward(reader, out_writer, state)),
                asyncio.ensure_future(self._forward(out_reader, writer, state))]
        self.tasks.update(ways)
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if state["left"] <= 0:
                self.faults[fate] += 1
                if fate == "half open":
                    for way in ways:
                        way.cancel()
                    await asyncio.sleep(self.source.uniform(0.1, HALF_OPEN_SECONDS_MAX))
                    self._reset(writer)
                    await asyncio.sleep(1)  # the server's end stays longer
                elif fate == "reset":
                    self._reset(writer)
                    self._reset(out_writer)
                elif fate == "reset at one end":
                    self._reset(self.source.choice([writer, out_writer]))
        finally:
            for way in ways:
                way.cancel()
                self.tasks.discard(way)
            for w in (writer, out_writer):
                with contextlib.suppress(Exception):
                    w.close()

    async def _forward(self, reader, writer, state):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while data := await reader.read(PIECE_BYTES):
                state["left"] -= 1
                if state["left"] <= 0:
                    if state["fate"] == "cut":  # in the middle of a frame
                        writer.write(data[:self.source.randrange(len(data))])
                    return
                if self.source.randrange(20) == 0:
                    self.faults["delay"] += 1
                    await asyncio.sleep(self.source.uniform(0, 0.2))
                writer.write(data)
                await writer.drain()

    @staticmethod
    def _reset(writer):
        sock = writer.get_extra_info("socket")
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    def stop(self):
        async def close():
            self.server.close()
            for task in list(self.tasks):
                task.cancel()

        self.loop.call(close())
        self.loop.stop()


class CallFaults:
    """Listens on 127.0.0.1:port. `calls`: on average one of so many calls has a fault."""

    SENT_ONCE = {"ReleaseSession"}  # again after its end it would close what the client has opened anew

    def __init__(self, target, seed=0, calls=4):
        self.source, self.calls, self.faults = random.Random(seed), calls, collections.Counter()
        self.target, self.loop, self.tasks = target.removeprefix("sc://"), _Loop(), set()
        self.loop.call(self._start())
        self.remote = f"sc://127.0.0.1:{self.port}"

    async def _start(self):
        unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        self.channel = grpc.aio.insecure_channel(self.target, options=[*unlimited, ("grpc.use_local_subchannel_pool", 1)])
        self.server = grpc.aio.server(options=unlimited)
        self.server.add_generic_rpc_handlers([_AnyCall(self)])
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        await self.server.start()

    def _background(self, coroutine):
        task = asyncio.ensure_future(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _drain(self, method, requests, metadata, delay=0.0, responses_max=3):
        """A call whose answers nobody hears."""
        with contextlib.suppress(grpc.RpcError, asyncio.CancelledError):
            await asyncio.sleep(delay)
            call = self.channel.stream_stream(method)(iter(requests), metadata=metadata)
            count = 0
            async for _ in call:
                count += 1
                if count == responses_max:
                    call.cancel()

    def _fault(self, name):
        kinds = ["none"] * (len(ALL_CALL_FAULTS) * (self.calls - 1)) + ALL_CALL_FAULTS
        fault = self.source.choice(kinds)
        if name in self.SENT_ONCE and "twice" in fault:
            fault = "none"
        self.faults["calls"] += 1
        if fault != "none":
            self.faults[fault] += 1
        return fault

    async def forward(self, method, request_iterator, context):
        name = method.rsplit("/", 1)[-1]
        fault = self._fault(name)
        metadata = [(k, v) for k, v in context.invocation_metadata() if not k.startswith(("grpc-", "user-agent", ":"))]
        requests = [r async for r in request_iterator]
        if fault == "held back":  # whatever comes meanwhile overtakes it
            await asyncio.sleep(self.source.uniform(0.05, 0.5))
        elif fault == "twice at once":
            self._background(self._drain(method, requests, metadata))
        elif fault == "twice, the first unheard":
            await self._drain(method, requests, metadata)
        elif fault == "twice, much later":
            self._background(self._drain(method, requests, metadata, self.source.uniform(0.2, STALE_SECONDS_MAX)))
        call = self.channel.stream_stream(method)(iter(requests), metadata=metadata)
        lost_after = self.source.randrange(3) if fault == "answer lost" else None
        try:
            count = 0
            async for response in call:
                if count == lost_after:
                    break
                count += 1
                await context.write(response)
            if lost_after is not None:
                call.cancel()
                await context.abort(grpc.StatusCode.UNAVAILABLE, "the answer was lost on the way")
        except grpc.aio.AioRpcError as error:
            await context.abort(error.code(), error.details() or "", tuple(error.trailing_metadata() or ()))
        finally:
            call.cancel()

    def stop(self):
        async def close():
            for task in list(self.tasks):
                task.cancel()
            await self.server.stop(0)
            await self.channel.close()

        self.loop.call(close())
        self.loop.stop()


ALL_CALL_FAULTS = ["held back", "twice at once", "twice, the first unheard", "twice, much later", "answer lost"]


class _AnyCall(grpc.GenericRpcHandler):
    def __init__(self, proxy):
        self.proxy = proxy

    def service(self, details):
        method = details.method

        async def forward(request_iterator, context):
            await self.proxy.forward(method, request_iterator, context)

        return grpc.stream_stream_rpc_method_handler(forward)
