#pragma once
// A prepared statement of PostgreSQL: its values on the way there, its rows on the way back.

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "store/postgres/connection.h"

namespace tocsin::store {

class PgStatement final : public PreparedStatement {
 public:
  // Outlived by `db`.
  PgStatement(PgConnection& db, std::string sql) : db_(db), sql_(std::move(sql)), name_(db.next_name()) {}

  void rewind() override;
  void clear() override { rewind(); }
  void bind_null(int index, SqlType type) override;
  void bind_integer(int index, std::int64_t value) override;
  void bind_real(int index, double value) override;
  void bind_text(int index, std::string_view value, bool stays) override;
  void bind_blob(int index, std::string_view value, bool stays) override;
  void bind_pointer(int index, const SqlPointer& value) override;
  bool step() override;
  const std::optional<Error>& error() const override { return error_; }

  std::int64_t integer(int column) const override;
  double real(int column) const override;
  bool null(int column) const override;
  std::string_view text(int column) const override;
  std::string_view blob(int column) const override;

  const std::string& name() const { return name_; }
  bool known_to_server() const { return known_; }

 private:
  struct Value {
    Oid type = 0;
    bool is_null = true;
    bool binary = true;
    std::string own;  // when `bytes` would not outlive the run
    std::string_view bytes;
    std::string_view view() const { return own.empty() ? bytes : std::string_view(own); }
  };
  Value& value_at(int index, Oid type);
  void run();
  bool take(PgResult result, std::string_view op);

  PgConnection& db_;
  const std::string sql_;
  const std::string name_;
  bool known_ = false;
  bool ran_ = false;
  std::vector<Value> values_;
  std::size_t count_ = 0;  // of values_ that are bound
  PgResult result_;
  int row_ = -1;
  mutable std::deque<std::string> texts_;  // of the row at hand, that were not stored as they are
  std::optional<Error> error_;
};

}  // namespace tocsin::store
