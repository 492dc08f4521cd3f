#include "enrich/json_reading.h"

namespace tocsin::enrich {

Result<boost::json::object> parse_json_object(std::string_view text, std::string_view op) {
  boost::json::parse_options options;
  options.max_depth = 32;
  boost::json::stream_parser parser({}, options);
  boost::system::error_code failed;
  const auto read = parser.write_some(text.data(), text.size(), failed);
  if (!failed && read < text.size() && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
    failed = boost::json::error::extra_data;
  if (!failed) parser.finish(failed);
  if (failed)
    return error(ErrorKind::kInvalidSyntax, std::string(op), failed.message(), "",
                 "byte " + std::to_string(read));
  auto value = parser.release();
  if (!value.is_object()) return error(ErrorKind::kInvalidInput, std::string(op), "it must be a JSON object");
  return std::move(value.as_object());
}

std::string text_member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace tocsin::enrich
