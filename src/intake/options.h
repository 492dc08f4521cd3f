#pragma once
// What to listen on and which files to follow. Filled from the configuration by `app`; docs/configuration.md
// names the keys.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "intake/framing.h"

namespace tocsin::intake {

enum class Transport : std::uint8_t { kTcp, kUdp, kTls };

struct ListenerOptions {
  std::string name;  // unique among listeners and files
  Transport transport = Transport::kTcp;
  std::string host = "127.0.0.1";  // an address, not a name
  std::uint16_t port = 0;          // 0: a free one
  Framing framing = Framing::kAuto;
  std::string source = "auto";  // a normaliser's canonical name, or auto
  std::chrono::minutes zone{0};
  std::size_t max_message_bytes = 64 * 1024;
  std::uint32_t max_connections = 256;
  std::chrono::seconds idle{600};
  std::chrono::seconds expected_interval{0};  // zero: none is known
  int receive_buffer_bytes = 8 << 20;         // UDP: what a burst may be before it is read
  std::string certificate_file;               // PEM, with its chain; TLS only
  std::string key_file;
  std::string client_ca_file;  // when set, senders must show a certificate of it
};

struct FileOptions {
  std::string name;
  std::vector<std::string> paths;  // globs allowed; compressed files are passed over
  std::string source = "auto";
  std::chrono::minutes zone{0};
  bool from_start = false;  // of a file without a remembered position; else from its end
  std::size_t max_line_bytes = 64 * 1024;
  std::chrono::seconds expected_interval{0};
};

struct Options {
  std::vector<ListenerOptions> listeners;
  std::vector<FileOptions> files;
  // A batch is one transaction. Small enough that a message is stored within a blink, large enough that
  // the commit is shared.
  std::size_t batch_messages = 500;
  std::size_t batch_bytes = std::size_t{1} << 20;
  std::chrono::milliseconds batch_time{20};
  std::size_t waiting_batches = 16;   // between the readers and the worker; full means that readers pause
  std::size_t batches_in_flight = 8;  // handed to the store and not committed yet
  std::chrono::seconds stop_deadline{10};
};

}  // namespace tocsin::intake
