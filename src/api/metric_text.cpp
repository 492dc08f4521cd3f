#include "api/metric_text.h"

#include "base/json_text.h"

namespace tocsin::api {
namespace {

void append_label_value(std::string& out, std::string_view value) {
  out += '"';
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace

std::string metric_number(double value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

MetricText& MetricText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) + "\n";
  return *this;
}

void MetricText::sample(const Labels& labels, double value, std::string_view suffix) {
  text_ += name_;
  text_ += suffix;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text_ += i == 0 ? '{' : ',';
    text_ += labels[i].first;
    text_ += '=';
    append_label_value(text_, labels[i].second);
  }
  if (!labels.empty()) text_ += '}';
  text_ += ' ' + metric_number(value) + '\n';
}

}  // namespace tocsin::api
