#pragma once
// The narrow row of an alert, to and from model::Alert.

#include <string>
#include <string_view>

#include "model/alert.h"
#include "model/link.h"
#include "store/sql/connection.h"

namespace tocsin::store {

// Row plus what the model does not carry.
struct StoredAlert {
  model::Alert alert;
  model::Seq seq = 0;
  std::int64_t block = 0;
  std::size_t slot = 0;
  std::int64_t version = 1;
};

// "SELECT … FROM alerts AS a LEFT JOIN …", to be followed by a WHERE; read_alert knows its columns.
std::string_view select_alert();
// Its parts, for a statement that finds the rows of "a" in a way of its own.
std::string_view alert_columns();
std::string_view join_incident();
StoredAlert read_alert(const Statement& row);

// Columns whose values need work; made before the alert reaches the writer.
struct AlertColumns {
  std::string_view ulid;
  std::string_view host;
  std::string_view user;
  std::string_view ip;
  std::string attack;
  std::string tags;
};
// Views into `alert`.
AlertColumns alert_columns(const model::Alert& alert);
std::string_view insert_alert();

std::string encode_tags(const std::vector<std::string>& tags);  // empty for none
std::string with_tag(std::string_view encoded, std::string tag);
AlertId alert_id(std::string_view ulid);

}  // namespace tocsin::store
