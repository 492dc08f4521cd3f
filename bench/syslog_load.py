"""What bench/run.py syslog sends, and the sink that it is compared with. Standard library only."""
import os
import socket
import threading
import time

CEF = ("<134>Jan 18 11:07:53 gw1 CEF:0|Maker|Gateway|1.0|{rule}|Connection to a known bad host|{severity}|"
       "src=10.{a}.{b}.{c} spt=40000 dst=203.0.113.{d} dpt=443 proto=TCP act=blocked shost=ws-{host} suser=user{user}\n")
PLAIN = "<38>Jan 18 11:07:53 web-{host} sshd[{a}{b}]: Failed password for user{user} from 203.0.113.{d} port 4{c} ssh2\n"


def write_messages(path, count, distinct, plain):
    """`count` lines: a share `plain` are logs, of the others a share `distinct` has not been before; the rest repeat."""
    alerts = new = 0
    with open(path, "w") as file:
        lines = []
        for i in range(count):
            if (i * plain) % 1 + plain > 1 - 1e-9 and plain > 0:
                shape, n = PLAIN, i
            else:
                alerts += 1
                if new < distinct * alerts:
                    new += 1
                    n = new
                else:
                    n = alerts * 7919 % max(new, 1) + 1
                shape = CEF
            lines.append(shape.format(rule=100 + n % 40, severity=n % 11, a=n >> 16 & 255, b=n >> 8 & 255, c=n & 255,
                                      d=n % 250, host=n % 5000, user=n % 3000))
            if len(lines) == 10_000:
                file.write("".join(lines))
                lines.clear()
        file.write("".join(lines))
    return {"alerts": alerts, "distinct": new, "events": count - alerts}


def send_file(path, port):
    with open(path, "rb") as file, socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendfile(file)


def sink_seconds(path, copy):
    """How long the same bytes take through the loopback into a file, with nothing done to them, made durable once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        started = time.monotonic()
        sender = threading.Thread(target=send_file, args=(path, listening.getsockname()[1]))
        sender.start()
        connection, _ = listening.accept()
        with connection, open(copy, "wb", buffering=0) as out:
            buffer = bytearray(1 << 20)
            while size := connection.recv_into(buffer):
                out.write(memoryview(buffer)[:size])
            os.fsync(out.fileno())
        sender.join()
        return time.monotonic() - started
