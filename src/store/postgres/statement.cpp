#include "store/postgres/statement.h"

#include <bit>

#include "store/postgres/portable_text.h"

namespace tocsin::store {
namespace {

// From pg_type.dat, which is stable.
constexpr Oid kInt8 = 20;
constexpr Oid kFloat8 = 701;
constexpr Oid kText = 25;
constexpr Oid kBytea = 17;
constexpr int kBinary = 1;

Oid oid_of(SqlType type) {
  constexpr std::array<Oid, 5> kOids{0, kInt8, kFloat8, kText, kBytea};
  return kOids[static_cast<std::size_t>(type)];
}

std::string big_endian(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (std::size_t i = 8; i-- > 0; value >>= 8) bytes[i] = static_cast<char>(value & 0xFF);
  return bytes;
}

}  // namespace

void PgStatement::rewind() {
  result_.reset();
  ran_ = false;
  row_ = -1;
  count_ = 0;
  error_.reset();
}

PgStatement::Value& PgStatement::value_at(int index, Oid type) {
  count_ = std::max(count_, static_cast<std::size_t>(index));
  if (values_.size() < count_) values_.resize(count_);
  auto& value = values_[static_cast<std::size_t>(index - 1)];
  value.type = type;
  value.is_null = false;
  value.binary = type != kText;
  value.own.clear();
  value.bytes = {};
  return value;
}

void PgStatement::bind_null(int index, SqlType type) {
  value_at(index, oid_of(type)).is_null = true;
}
void PgStatement::bind_integer(int index, std::int64_t value) {
  value_at(index, kInt8).own = big_endian(static_cast<std::uint64_t>(value));
}
void PgStatement::bind_real(int index, double value) {
  value_at(index, kFloat8).own = big_endian(std::bit_cast<std::uint64_t>(value));
}

// libpq takes text up to its NUL: a copy has one for sure.
void PgStatement::bind_text(int index, std::string_view value, bool) {
  auto portable = to_portable_text(value);
  value_at(index, kText).own = portable ? *std::move(portable) : std::string(value);
}

void PgStatement::bind_blob(int index, std::string_view value, bool stays) {
  auto& bound = value_at(index, kBytea);
  if (stays) {
    bound.bytes = value;
  } else {
    bound.own = value;
  }
}

void PgStatement::bind_pointer(int index, const SqlPointer&) {
  (void)value_at(index, 0);
  error_ = tocsin::error(ErrorKind::kInternal, "bind to the database", "PostgreSQL has no functions of ours");
}

bool PgStatement::take(PgResult result, std::string_view op) {
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    error_ = db_.failure(result.get(), op);
    return false;
  }
  result_ = std::move(result);
  return true;
}

void PgStatement::run() {
  ran_ = true;
  std::vector<Oid> types;
  std::vector<const char*> data;
  std::vector<int> sizes, formats;
  for (std::size_t i = 0; i < count_; ++i) {
    const auto& value = values_[i];
    const auto bytes = value.view();
    types.push_back(value.type);
    data.push_back(value.is_null ? nullptr : bytes.data() == nullptr ? "" : bytes.data());
    sizes.push_back(static_cast<int>(bytes.size()));
    formats.push_back(value.binary ? kBinary : 0);
  }
  const auto count = static_cast<int>(count_);
  if (!known_) {
    PgResult made(PQprepare(db_.handle(), name_.c_str(), sql_.c_str(), count, types.data()));
    known_ = take(std::move(made), "prepare a statement");
    if (!known_) return;
  }
  PgResult result(
      PQexecPrepared(db_.handle(), name_.c_str(), count, data.data(), sizes.data(), formats.data(), kBinary));
  if (take(std::move(result), "use the database")) db_.note_changes(result_.get());
}

bool PgStatement::step() {
  if (!ran_ && !error_) run();
  if (error_) return false;
  texts_.clear();
  return ++row_ < PQntuples(result_.get());
}

bool PgStatement::null(int column) const {
  return PQgetisnull(result_.get(), row_, column) == 1;
}

std::string_view PgStatement::blob(int column) const {
  return {PQgetvalue(result_.get(), row_, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
}

// int2, int4, int8 and bool alike.
std::int64_t PgStatement::integer(int column) const {
  const auto bytes = blob(column);
  if (bytes.empty()) return 0;
  const bool is_negative = (static_cast<unsigned char>(bytes[0]) & 0x80U) != 0;
  std::int64_t value = is_negative ? -1 : 0;  // the sign fills what narrower types do not have
  for (const char byte : bytes) value = value * 256 + static_cast<unsigned char>(byte);
  return value;
}

double PgStatement::real(int column) const {
  return std::bit_cast<double>(integer(column));
}

std::string_view PgStatement::text(int column) const {
  const auto stored = blob(column);
  auto text = from_portable_text(stored);
  if (!text) return stored;
  return texts_.emplace_back(*std::move(text));
}

}  // namespace tocsin::store
