#include "observe/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/json_text.h"

namespace tocsin::observe {
namespace {

constexpr std::size_t kMaxValueBytes = 2'000;
constexpr std::size_t kMaxLineBytes = 16'000;
constexpr std::string_view kCut = ",\"cut\":true";
constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 9> kSecretNames{
    "password", "passwd", "secret", "token", "api_key", "apikey", "authorization", "cookie", "private_key"};

bool is_secret(std::string_view name) {
  auto lower = to_lower(name);
  std::replace(lower.begin(), lower.end(), '-', '_');
  return std::any_of(kSecretNames.begin(), kSecretNames.end(),
                     [&](std::string_view secret) { return lower.find(secret) != std::string::npos; });
}

bool is_part_of_a_character(char c) {
  return (static_cast<unsigned char>(c) & 0x80U) != 0;
}

void append_value(std::string& out, std::string_view text) {
  if (text.size() <= kMaxValueBytes) return append_json_string(out, text);
  auto shorter = std::string(text.substr(0, kMaxValueBytes));
  // A character cut in half goes with the cut.
  for (int i = 0; i < 3 && is_part_of_a_character(shorter.back()); ++i) shorter.pop_back();
  append_json_string(out, shorter + "…");
}
void append_value(std::string& out, std::int64_t number) {
  append_json_number(out, number);
}
void append_value(std::string& out, double number) {
  append_json_number(out, number);
}
void append_value(std::string& out, bool yes) {
  out += yes ? "true" : "false";
}

void append_field(std::string& out, const Field& field) {
  out += ',';
  append_json_string(out, field.name);
  out += ':';
  if (is_secret(field.name)) {
    out += "\"[redacted]\"";
  } else {
    std::visit([&](const auto& value) { append_value(out, value); }, field.value);
  }
}

}  // namespace

std::string_view to_text(Level level) {
  return kLevels[static_cast<std::size_t>(level)];
}

std::optional<Level> parse_level(std::string_view text) {
  const auto* found = std::find(kLevels.begin(), kLevels.end(), text);
  if (found == kLevels.end()) return std::nullopt;
  return static_cast<Level>(found - kLevels.begin());
}

std::string format_line(Timestamp now, Level level, std::string_view event, std::string_view trace_id,
                        Fields fields) {
  std::string out = "{\"ts\":\"";
  append_rfc3339(out, now);
  out.append("\",\"level\":\"").append(to_text(level)).append("\",\"event\":");
  append_value(out, event);
  if (!trace_id.empty()) append_field(out, {"trace_id", trace_id});
  for (const auto& field : fields) {
    const auto before = out.size();
    append_field(out, field);
    if (out.size() + kCut.size() + 1 <= kMaxLineBytes) continue;
    out.resize(before);
    out += kCut;
    break;
  }
  return out + "}";
}

Log::Log(Level level, const Clock& clock) : level_(level), clock_(clock) {
  auto logger = std::make_shared<spdlog::logger>("tocsin", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  // As an argument, never as the format: braces in the text stay braces.
  write_ = [logger](std::string_view line) {
    logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  };
}

Log::Log(Level level, const Clock& clock, std::function<void(std::string_view line)> write)
    : level_(level), clock_(clock), write_(std::move(write)) {}

Log::~Log() = default;

void Log::write(Level level, std::string_view event, Fields fields, std::string_view trace_id) const {
  if (enabled(level)) write_(format_line(clock_.now(), level, event, trace_id, fields));
}

}  // namespace tocsin::observe
