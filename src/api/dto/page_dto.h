#pragma once
// Lists: {"items":[…],"next_cursor":…|null,"total":n|"n+"}, and "as_of" where a change may be made to the
// whole list.

#include <optional>
#include <string>

#include "api/json_writer.h"
#include "store/store.h"

namespace tocsin::api {

// `write_item(json, item)` writes one item; `as_of` is a time before the page was read.
template <class T, class WriteItem>
std::string page_json(const store::Page<T>& page, WriteItem write_item, std::optional<Timestamp> as_of = {}) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("items", [&] {
      json.array([&] {
        for (const auto& item : page.items) write_item(json, item);
      });
    });
    page.next_cursor.empty() ? json.member("next_cursor", nullptr)
                             : json.member("next_cursor", page.next_cursor);
    page.total_capped ? json.member("total", std::to_string(page.total) + "+")
                      : json.member("total", page.total);
    if (as_of) json.member("as_of", *as_of);
  });
  return out;
}

// A list that is never cut: everything is in it.
template <class T, class WriteItem>
std::string whole_list_json(std::vector<T> items, std::int64_t total, WriteItem write_item) {
  store::Page<T> page;
  page.items = std::move(items);
  page.total = total;
  return page_json(page, write_item);
}

}  // namespace tocsin::api
