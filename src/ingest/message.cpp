#include "ingest/message.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/utf8.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/syslog_message.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

bool is_binary(std::string_view message) {
  const auto odd = std::count_if(message.begin(), message.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\x1b';
  });
  return static_cast<std::size_t>(odd) > message.size() / 8;
}

std::string with_replacements(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string out;
  while (!text.empty()) {
    const auto good = find_invalid_utf8(text);
    out += text.substr(0, good);
    if (good < text.size()) out += kReplacement;
    text.remove_prefix(std::min(good + 1, text.size()));
  }
  return out;
}

class MessageReader {
 public:
  MessageReader(const Normaliser* source, std::string_view line, std::size_t index, const Options& options,
                Normalised& to)
      : source_(source), line_(line), index_(index), options_(options), to_(to) {}

  void run() {
    if (line_.front() == '{') return read_json(line_);
    const auto body = body_of(read_syslog(line_, {options_.now, options_.zone}));
    if (source_ != nullptr && source_->read_text != nullptr && !body.starts_with('{')) {
      const bool needs_body =
          source_ != &plain() && source_->recognises_text != nullptr && !source_->recognises_text(line_);
      return read_text(*source_, needs_body ? body : line_);
    }
    if (source_ == nullptr && read_recognised(body)) return;
    if (body.starts_with('{')) return read_json(body);
    if (source_ != nullptr) return read_named_json(line_);
    read_text(plain(), line_);
  }

 private:
  static const Normaliser& plain() { return *find_normaliser("syslog"); }

  // rsyslog and others announce JSON with a cookie.
  static std::string_view body_of(const SyslogMessage& message) {
    constexpr std::string_view kCookie = "@cee:";
    auto text = trim(message.text);
    if (text.starts_with(kCookie)) text = trim(text.substr(kCookie.size()));
    return text;
  }

  void read_text(const Normaliser& reader, std::string_view text) {
    Output out(reader.name, line_, index_, options_, to_);
    reader.read_text(text, out);
  }

  // Some formats are known with their header, others only without it.
  bool read_recognised(std::string_view body) {
    for (const auto& entry : normalisers()) {
      if (entry.recognises_text == nullptr || &entry == &plain()) continue;
      for (const auto text : {line_, body}) {
        if (text.empty() || !entry.recognises_text(text)) continue;
        read_text(entry, text);
        return true;
      }
    }
    return false;
  }

  void read_named_json(std::string_view text) {
    const auto brace = text.find('{');
    if (brace != text.npos) return read_json(text.substr(brace));
    reject(error(ErrorKind::kInvalidInput, "read message",
                 "no JSON object of " + std::string(source_->name) + " is in it",
                 "Give this listener the source that its senders really speak, or auto."));
  }

  void read_json(std::string_view item) {
    auto parsed = ParsedJson::parse(item, options_.max_depth);
    if (!parsed) return reject_or_keep(item, std::move(parsed).error());
    const auto root = parsed->root();
    const auto& reader = source_ != nullptr ? *source_ : claimed_by(root);
    Normalised found;
    Output out(reader.name, item, index_, options_, found);
    reader.read_object(root, out);
    if (found.too_many) return reject(too_many_records(options_));
    std::move(found.records.begin(), found.records.end(), std::back_inserter(to_.records));
    std::move(found.rejections.begin(), found.rejections.end(), std::back_inserter(to_.rejections));
  }

  // `generic` claims everything and would make an alert of each log.
  static const Normaliser& claimed_by(const Node& root) {
    const auto& found = recognise(root);
    return found.name == "generic" ? plain() : found;
  }

  // A text may begin with a brace; what begins like an object and is broken was meant as one.
  void reject_or_keep(std::string_view item, Error why) {
    const bool meant_as_json = source_ != nullptr || item.starts_with("{\"");
    if (!meant_as_json) return read_text(plain(), line_);
    reject(std::move(why));
  }

  void reject(Error why) { to_.rejections.push_back({index_, std::move(why), std::string(line_)}); }

  const Normaliser* source_;
  std::string_view line_;
  std::size_t index_;
  const Options& options_;
  Normalised& to_;
};

}  // namespace

void normalise_message(std::string_view source, std::string_view message, std::size_t index,
                       const Options& options, Normalised& to) {
  const auto line = trim(message);
  if (line.empty()) return;
  if (is_binary(line)) {
    to.rejections.push_back({index,
                             error(ErrorKind::kInvalidSyntax, "read message", "binary data, not text",
                                   "A sender may be speaking TLS or a protocol of its own to this port."),
                             std::string(line)});
    return;
  }
  const auto* reader = source == "auto" ? nullptr : find_normaliser(source);
  if (find_invalid_utf8(line) == line.size()) return MessageReader(reader, line, index, options, to).run();
  const auto repaired = with_replacements(line);
  MessageReader(reader, repaired, index, options, to).run();
}

}  // namespace tocsin::ingest
