#include "ingest/ingest.h"

#include <algorithm>

#include "base/utf8.h"
#include "ingest/api_input.h"
#include "ingest/json_scan.h"
#include "ingest/mapping.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kAuto = "auto";

std::size_t start_of(std::string_view body) {
  return skip_space(body, body.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
}

Error empty_body() {
  return error(ErrorKind::kInvalidSyntax, "read body", "the body is empty",
               "Send a JSON object or an array of them.", "byte 0");
}

Error too_many(const Options& options) {
  return error(ErrorKind::kTooLarge, "read body",
               "more than " + std::to_string(options.max_items) + " items in one body",
               "Send them in smaller batches.");
}

// The fault of a body as a whole, with its place.
Error body_fault(std::string_view body, const Options& options, std::size_t at, const char* otherwise) {
  auto fault = find_json_fault(body, options.max_depth);
  if (fault.message.empty()) fault = {at, otherwise};
  return error(ErrorKind::kInvalidSyntax, "read body", std::move(fault.message), {},
               "byte " + std::to_string(fault.offset));
}

// Moves "byte N" of a part by where the part begins in the body.
Error shifted(Error fault, std::size_t by) {
  constexpr std::string_view kByte = "byte ";
  if (fault.where.starts_with(kByte)) {
    fault.where = std::string(kByte) + std::to_string(std::stoull(fault.where.substr(kByte.size())) + by);
  }
  return fault;
}

std::size_t offset_in(std::string_view body, std::string_view part) {
  return static_cast<std::size_t>(part.data() - body.data());
}

// ---- POST /api/v1/alerts ----

// One element of the array (pointer "/3") or the only object (pointer ""). An error is a fault of the whole
// body.
Result<void> read_alert_item(std::string_view item, std::size_t index, std::string pointer,
                             const Options& options, Normalised& to) {
  auto parsed = ParsedJson::parse(item, options.max_depth);
  if (!parsed) return std::move(parsed).error();
  Output out("api", item, index, options, to);
  read_api_alert(parsed->root(), pointer, out);
  return {};
}

Result<AlertBody> parse_array(std::string_view body, std::size_t at, const Options& options) {
  AlertBody result;
  ArrayCursor cursor(body, at);
  std::string_view item;
  for (std::size_t index = 0; cursor.next(item); ++index) {
    if (index == options.max_items) return too_many(options);
    auto read = read_alert_item(item, index, "/" + std::to_string(index), options, result.normalised);
    if (!read) return shifted(std::move(read).error(), offset_in(body, item));
  }
  if (cursor.failed() || skip_space(body, cursor.position()) != body.size()) {
    return body_fault(body, options, cursor.position(), "expected ',' or ']'");
  }
  return result;
}

Result<AlertBody> parse_single(std::string_view body, std::size_t at, const Options& options) {
  const auto end = skip_value(body, at);
  if (end == kNotFound || skip_space(body, end) != body.size()) {
    return body_fault(body, options, std::min(end, body.size()), "text after the end of the value");
  }
  AlertBody result;
  result.single = true;
  auto read = read_alert_item(body.substr(at, end - at), 0, "", options, result.normalised);
  if (!read) return shifted(std::move(read).error(), at);
  return result;
}

// Calls f(line, number) for each line that is not blank, at most max_items of them; false when there were
// more.
template <class F>
bool for_each_line(std::string_view text, const Options& options, F f) {
  std::size_t count = 0;
  for (std::size_t number = 0; !text.empty(); ++number) {
    const auto line = trim(take_until(text, '\n'));
    if (line.empty()) continue;
    if (count++ == options.max_items) return false;
    f(line, number);
  }
  return true;
}

Result<AlertBody> parse_lines(std::string_view body, std::size_t at, const Options& options) {
  AlertBody result;
  const bool complete =
      for_each_line(body.substr(at), options, [&](std::string_view line, std::size_t number) {
        auto read = read_alert_item(line, number, "", options, result.normalised);
        if (read) return;
        result.normalised.rejections.push_back(
            {number, shifted(std::move(read).error(), offset_in(body, line)), std::string(line)});
      });
  if (!complete) return too_many(options);
  return result;
}

// ---- vendors ----

class VendorReader {
 public:
  // `source` null: recognise each item.
  VendorReader(const Normaliser* source, std::string_view body, const Options& options)
      : source_(source), body_(body), options_(options) {}
  VendorReader(const Mapping& mapping, std::string_view body, const Options& options)
      : mapping_(&mapping), body_(body), options_(options) {}

  Result<Normalised> run() {
    const auto at = start_of(body_);
    if (at == body_.size()) return empty_body();
    const bool complete = read_from(at);
    if (!complete) return too_many(options_);
    if (result_.too_many) return too_many_records(options_);
    auto& faults = result_.rejections;
    if (result_.records.empty() && faults.size() == 1 && faults[0].error.kind == ErrorKind::kInvalidSyntax) {
      return std::move(faults[0].error);
    }
    return std::move(result_);
  }

 private:
  bool read_from(std::size_t at) {
    if (body_[at] == '{' || body_[at] == '[') return read_json(at);
    const auto* by_document = document_reader(body_.substr(at));
    if (by_document == nullptr) return read_lines(at);
    Output out(by_document->name, body_.substr(at), 0, options_, result_);
    by_document->read_document(body_.substr(at), out);
    return !out.had_too_many();
  }

  // A mail or an XML text is one item, whatever its line breaks.
  const Normaliser* document_reader(std::string_view text) const {
    const auto takes = [&](const Normaliser& entry) {
      return entry.recognises_document != nullptr && entry.recognises_document(text);
    };
    if (mapping_ != nullptr) return nullptr;
    if (source_ != nullptr) return takes(*source_) ? source_ : nullptr;
    const auto all = normalisers();
    const auto found = std::find_if(all.begin(), all.end(), takes);
    return found == all.end() ? nullptr : &*found;
  }

  // Objects and arrays one after the other, with or without line breaks between them.
  bool read_json(std::size_t at) {
    for (; (at = skip_space(body_, at)) < body_.size(); ++index_) {
      if (index_ >= options_.max_items) return false;
      if (body_[at] == '[') {
        if (!read_array(at)) return false;
        continue;
      }
      const auto end = body_[at] == '{' ? skip_value(body_, at) : kNotFound;
      if (end != kNotFound && read_item(body_.substr(at, end - at))) {
        at = end;
        continue;
      }
      at = end == kNotFound ? reject_line(at) : narrow_rejection(at, end);
      if (is_one_line_object(at)) return read_lines(at);
      if (++resyncs_ > kMaxResyncs) at = reject_rest(at);
    }
    return true;
  }

  // A broken object may have swallowed good lines behind it; then only its own first lines are refused.
  std::size_t narrow_rejection(std::size_t at, std::size_t end) {
    if (body_.substr(at, end - at).find("\n{") == std::string_view::npos) return end;
    result_.rejections.pop_back();
    return reject_line(at);
  }

  bool is_one_line_object(std::size_t at) const {
    auto rest = body_.substr(at);
    return rest.starts_with('{') && trim(take_until(rest, '\n')).ends_with('}');
  }

  bool read_array(std::size_t& at) {
    ArrayCursor cursor(body_, at);
    std::string_view item;
    for (; cursor.next(item); ++index_) {
      if (index_ >= options_.max_items) return false;
      read_item(item);
    }
    if (cursor.failed()) reject_end(body_.substr(at), cursor.position());
    at = cursor.failed() ? body_.size() : cursor.position();
    return true;
  }

  // An array that stops without its ']': what came before was taken, and the sender is told that some may be
  // missing.
  void reject_end(std::string_view array, std::size_t at) {
    if (!trim(body_.substr(at)).empty()) {
      reject_rest(at);
      return;
    }
    reject(array.substr(0, 1),
           error(ErrorKind::kInvalidSyntax, "read JSON", "the array is cut off before its ']'",
                 "Send the rest again.", "byte " + std::to_string(body_.size())));
  }

  bool read_lines(std::size_t at) {
    const auto first = index_;
    return for_each_line(body_.substr(at), options_, [&](std::string_view line, std::size_t number) {
      index_ = first + number;
      read_line(line);
    });
  }

  void read_line(std::string_view line) {
    const Normaliser* by_text = text_reader(line);
    if (by_text != nullptr) {
      Output out(source_ != nullptr ? source_->name : by_text->name, line, index_, options_, result_);
      return read_text(*by_text, line, out);
    }
    // A collector's header may stand before the JSON.
    const auto brace = line.find('{');
    read_item(brace == std::string_view::npos ? line : line.substr(brace));
  }

  const Normaliser* text_reader(std::string_view line) const {
    if (line.front() == '{' || line.front() == '[') return nullptr;
    if (mapping_ != nullptr) return nullptr;
    if (source_ != nullptr) return own_text_reader(line);
    const auto all = normalisers();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Normaliser& entry) {
      return entry.recognises_text != nullptr && entry.recognises_text(line);
    });
    return found == all.end() ? nullptr : &*found;
  }

  // Many tools also forward their alerts as CEF or LEEF lines; these keep the name of the tool.
  const Normaliser* own_text_reader(std::string_view line) const {
    if (source_->recognises_text != nullptr && source_->recognises_text(line)) return source_;
    for (const auto* format : {"cef", "leef"}) {
      const auto* reader = find_normaliser(format);
      if (reader->recognises_text(line)) return reader;
    }
    return source_->read_text != nullptr ? source_ : nullptr;
  }

  void read_text(const Normaliser& reader, std::string_view line, Output& out) {
    const auto bad = find_invalid_utf8(line);
    if (bad == line.size()) return reader.read_text(line, out);
    reject(line, error(ErrorKind::kInvalidSyntax, "read text", "invalid UTF-8", "Send text in UTF-8.",
                       "byte " + std::to_string(offset_in(body_, line) + bad)));
  }

  // False when the item is not JSON; it has then been refused.
  bool read_item(std::string_view item) {
    auto parsed = ParsedJson::parse(item, options_.max_depth);
    if (parsed) {
      read_value(parsed->root(), item);
      return true;
    }
    const bool is_json = parsed.error().kind != ErrorKind::kInvalidSyntax;
    reject(item, shifted(std::move(parsed).error(), offset_in(body_, item)));
    return is_json;
  }

  void read_value(const Node& root, std::string_view item) {
    if (mapping_ != nullptr) return read_by_mapping(root, item);
    const Normaliser& reader = source_ != nullptr ? *source_ : recognise(root);
    Output out(reader.name, item, index_, options_, result_);
    if (root.is_object()) return object_reader(reader, root).read_object(root, out);
    if (root.is_string() && reader.read_text != nullptr) return reader.read_text(root.text(), out);
    out.reject("this item is not a JSON object",
               "Each item of the body must be one of the vendor's objects.");
  }

  // A log shipper's object with one of those lines in it.
  static const Normaliser& object_reader(const Normaliser& named, const Node& root) {
    if (named.recognises(root)) return named;
    for (const auto* format : {"cef", "leef"}) {
      const auto* reader = find_normaliser(format);
      if (reader->recognises(root)) return *reader;
    }
    return named;
  }

  void read_by_mapping(const Node& root, std::string_view item) {
    Output out(mapping_->source, item, index_, options_, result_);
    if (root.is_object()) return read_mapped(*mapping_, root, out);
    out.reject("this item is not a JSON object", "A mapping reads JSON objects.");
  }

  void reject(std::string_view fragment, Error fault) {
    result_.rejections.push_back({index_, std::move(fault), std::string(fragment)});
  }

  // Gives up on what stands at `at` and returns where the next line with an object begins.
  std::size_t reject_line(std::size_t at) {
    const auto next = body_.find("\n{", at);
    return reject_until(at, next == std::string_view::npos ? body_.size() : next + 1);
  }
  std::size_t reject_rest(std::size_t at) { return reject_until(at, body_.size()); }

  std::size_t reject_until(std::size_t at, std::size_t end) {
    const auto rest = body_.substr(at, end - at);
    if (trim(rest).empty()) return end;
    auto fault = find_json_fault(rest, options_.max_depth);
    if (fault.message.empty()) fault.message = "expected a JSON object";
    reject(trim(rest), error(ErrorKind::kInvalidSyntax, "read JSON", std::move(fault.message), {},
                             "byte " + std::to_string(at + fault.offset)));
    return end;
  }

  // Looking for the next sound object costs a pass over the rest each time.
  static constexpr int kMaxResyncs = 8;

  const Normaliser* source_ = nullptr;
  const Mapping* mapping_ = nullptr;
  std::string_view body_;
  const Options& options_;
  std::size_t index_ = 0;
  int resyncs_ = 0;
  Normalised result_;
};

std::string list_of_sources(const Mappings* mappings) {
  std::string list = "Known sources: ";
  for (const auto name : known_sources()) list += std::string(name) + ", ";
  if (mappings != nullptr) {
    for (const auto& mapping : mappings->list) list += mapping.source + ", ";
  }
  return list + "auto.";
}

}  // namespace

Result<AlertBody> parse_alerts(std::string_view body, BodyFormat format, const Options& options) {
  const auto at = start_of(body);
  if (at == body.size()) return empty_body();
  if (format == BodyFormat::kNdjson) return parse_lines(body, at, options);
  if (body[at] == '[') return parse_array(body, at, options);
  if (body[at] == '{') return parse_single(body, at, options);
  const auto fault = find_json_fault(body, options.max_depth);
  if (!fault.message.empty()) return body_fault(body, options, at, "");
  return error(ErrorKind::kInvalidInput, "read body", "the body is neither an object nor an array",
               "Send one alert as a JSON object, or many in an array.");
}

Result<Normalised> normalise(std::string_view source, std::string_view body, const Options& options) {
  const Normaliser* reader = find_normaliser(source);
  const auto* mapping =
      reader == nullptr && options.mappings != nullptr ? options.mappings->find(source) : nullptr;
  if (mapping != nullptr) return normalise(*mapping, body, options);
  if (reader == nullptr && source != kAuto) {
    return error(ErrorKind::kNotFound, "normalise",
                 "unknown source '" + std::string(source.substr(0, 64)) + "'",
                 list_of_sources(options.mappings));
  }
  return VendorReader(reader, body, options).run();
}

Result<Normalised> normalise(const Mapping& mapping, std::string_view body, const Options& options) {
  return VendorReader(mapping, body, options).run();
}

std::vector<std::string_view> known_sources() {
  std::vector<std::string_view> names;
  for (const auto& entry : normalisers()) names.push_back(entry.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::string_view canonical_source(std::string_view name) {
  if (name == kAuto) return kAuto;
  const auto* found = find_normaliser(name);
  return found == nullptr ? std::string_view() : found->name;
}

}  // namespace tocsin::ingest
