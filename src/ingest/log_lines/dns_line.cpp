// What name servers were asked: BIND's querylog (BIND 9 ARM, "category queries") and dnsmasq's log-queries.

#include "ingest/log_lines/log_lines.h"
#include "ingest/log_lines/words.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

std::string_view without_root(std::string_view name) {
  return name.size() > 1 && name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

}  // namespace

// … client @0x7f2c 10.0.0.5#53413 (example.org): view inside: query: example.org IN A +E(0)K (10.0.0.1)
std::optional<LogLine> read_bind_line(std::string_view text) {
  constexpr std::string_view kClient = "client ";
  constexpr std::string_view kQuery = ": query: ";
  const auto client = text.find(kClient);
  if (client > 128) return std::nullopt;  // npos is
  const auto query = text.find(kQuery, client);
  if (query == text.npos) return std::nullopt;
  LineWords who(text.substr(client + kClient.size()));
  auto address = who.word();
  if (address.starts_with('@')) address = who.word();
  const auto hash = address.find('#');
  if (hash == address.npos || !is_ip(address.substr(0, hash))) return std::nullopt;
  LineWords asked(text.substr(query + kQuery.size()));
  const auto name = asked.word();
  const auto name_class = asked.word();
  const auto type = asked.word();
  if (type.empty()) return std::nullopt;
  LineWords before(text.substr(0, client));
  const auto day = before.word();
  const auto clock = before.word();
  LogLine line{.type = "dns_query", .time = {}, .fields = {}};
  if (!clock.empty()) line.time = read_time(std::string(day) + ' ' + std::string(clock));
  line.fields.add("event.dataset", "bind.query");
  line.fields.add("source.ip", address.substr(0, hash));
  line.fields.add("dns.question.name", without_root(name));
  line.fields.add("dns.question.class", name_class);
  line.fields.add("dns.question.type", type);
  return line;
}

// "query[A] example.org from 10.0.0.5" and "reply example.org is 192.0.2.1"
std::optional<LogLine> read_dnsmasq_line(std::string_view text) {
  LineWords words(text);
  const auto what = words.word();
  const auto name = words.word();
  const auto joined_by = words.word();
  const auto value = words.word();
  const bool is_query = what.starts_with("query[") && what.ends_with(']') && joined_by == "from";
  const bool is_reply = (what == "reply" || what == "cached") && joined_by == "is";
  if (value.empty() || (!is_query && !is_reply)) return std::nullopt;
  LogLine line{.type = is_query ? "dns_query" : "dns_answer", .time = {}, .fields = {}};
  line.fields.add("event.dataset", "dnsmasq.log");
  line.fields.add("dns.question.name", without_root(name));
  if (is_query) line.fields.add("dns.question.type", what.substr(6, what.size() - 7));
  line.fields.add(is_query ? "source.ip" : "dns.answers.data", value);
  return line;
}

}  // namespace tocsin::ingest
