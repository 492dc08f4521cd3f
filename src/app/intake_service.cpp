#include "app/intake_service.h"

#include <map>

#include "base/hash.h"

namespace tocsin::app {
namespace {

template <class T>
T named(const std::map<std::string_view, T>& values, std::string_view name) {
  return values.at(name);  // the configuration has checked it
}

Result<std::string> canonical(const std::string& name, const std::string& source) {
  const auto found = ingest::canonical_source(source);
  if (!found.empty()) return std::string(found);
  std::string known = "auto";
  for (const auto one : ingest::known_sources()) known += ", " + std::string(one);
  return error(ErrorKind::kInvalidInput, "read settings",
               "intake '" + name + "' names the unknown source '" + source + "'", "known are " + known);
}

Result<void> check_reach(const config::SyslogSettings& s) {
  const bool shows_who = s.transport == "tls" && !s.client_ca_file.empty();
  if (config::is_loopback(s.host) || shows_who) return {};
  return error(ErrorKind::kInvalidInput, "listen on " + s.host,
               "intake '" + s.name + "': anybody could send to this address",
               "listen on 127.0.0.1 behind a relay, or use transport = \"tls\" with client_ca_file");
}

Result<intake::ListenerOptions> to_listener(const config::SyslogSettings& s) {
  using intake::Framing;
  using intake::Transport;
  TOCSIN_CHECK(check_reach(s));
  TOCSIN_TRY(source, canonical(s.name, s.source));
  intake::ListenerOptions o;
  o.name = s.name;
  o.transport = named<Transport>(
      {{"tcp", Transport::kTcp}, {"udp", Transport::kUdp}, {"tls", Transport::kTls}}, s.transport);
  o.framing = named<Framing>(
      {{"auto", Framing::kAuto}, {"octet_counting", Framing::kOctetCounting}, {"lines", Framing::kLines}},
      s.framing);
  o.host = s.host == "localhost" ? "127.0.0.1" : s.host;
  o.port = s.port;
  o.source = std::move(source);
  o.zone = s.zone;
  o.max_message_bytes = s.max_message_bytes;
  o.max_connections = s.max_connections;
  o.idle = s.idle;
  o.expected_interval = s.expected_interval;
  o.certificate_file = s.certificate_file;
  o.key_file = s.key_file;
  o.client_ca_file = s.client_ca_file;
  return o;
}

Result<intake::FileOptions> to_files(const config::FileSettings& f) {
  TOCSIN_TRY(source, canonical(f.name, f.source));
  intake::FileOptions o;
  o.name = f.name;
  o.paths = f.paths;
  o.source = std::move(source);
  o.zone = f.zone;
  o.from_start = f.start == "begin";
  o.max_line_bytes = f.max_line_bytes;
  o.expected_interval = f.expected_interval;
  return o;
}

}  // namespace

Result<intake::Options> to_intake_options(const config::Settings& settings) {
  intake::Options options;
  for (const auto& syslog : settings.syslog) {
    TOCSIN_TRY(listener, to_listener(syslog));
    options.listeners.push_back(std::move(listener));
  }
  for (const auto& file : settings.files) {
    TOCSIN_TRY(files, to_files(file));
    options.files.push_back(std::move(files));
  }
  return options;
}

Result<void> PipelineSink::keep_events(const std::vector<ingest::Record>& records) {
  const auto kept = pipeline_.keep_events(records);
  return kept ? Result<void>() : Result<void>(kept.error());
}

Result<void> PipelineSink::keep_unreadable(const std::string& source,
                                           const std::vector<ingest::Rejection>& rejections) {
  const auto kept = pipeline_.keep_rejections(source, rejections);
  return kept ? Result<void>() : Result<void>(kept.error());
}

void PipelineSink::store_alerts(Alerts alerts, std::function<void(Result<Stored>)> done) {
  api::Pipeline::Delivery delivery{.source = alerts.source, .idempotency_key = alerts.idempotency_key};
  // The pipeline hashes the body to tell batches of one key apart; here its hash stands for it.
  if (!alerts.idempotency_key.empty()) delivery.body = to_hex(alerts.body_hash);
  pipeline_.store_records(delivery, std::move(alerts.records),
                          [done = std::move(done)](Result<api::Pipeline::Reply> reply) {
                            if (!reply) return done(std::move(reply).error());
                            Stored stored;
                            for (const auto& item : reply->items) {
                              stored.created += item.kind == store::AppendKind::kCreated ? 1U : 0U;
                              stored.occurrences += item.kind == store::AppendKind::kOccurrence ? 1U : 0U;
                              stored.duplicates += item.kind == store::AppendKind::kDuplicate ? 1U : 0U;
                            }
                            done(stored);
                          });
}

}  // namespace tocsin::app
