#include "store/sql/connection.h"

#include <utility>

namespace tocsin::store {

std::string join_sql(std::initializer_list<std::string_view> parts) {
  std::string sql;
  for (const auto part : parts) sql += part;
  return sql;
}

std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

Statement::Statement(Statement&& other) noexcept
    : prepared_(std::exchange(other.prepared_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)),
      owned_(std::move(other.owned_)),
      error_(std::move(other.error_)) {}

Statement::~Statement() {
  if (in_use_ == nullptr) return;
  prepared_->clear();
  *in_use_ = false;
}

Statement& Statement::query_values(std::span<const SqlValue> values) {
  if (prepared_ == nullptr) return *this;
  prepared_->rewind();
  int index = 0;
  for (const auto& value : values) {
    ++index;
    std::visit([&](const auto& v) { bind(index, v, false); }, value);
  }
  return *this;
}

Result<void> Statement::status() const {
  if (error_) return *error_;
  if (prepared_ != nullptr && prepared_->error()) return *prepared_->error();
  return {};
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (null(column)) return std::nullopt;
  return std::string(text(column));
}

}  // namespace tocsin::store
