#pragma once
// What a query is made of: text of ours with places for lists of literals.
//
//   {from} {until} {date}   the time, as the language writes it
//   {users} {accounts} {hosts} {fqdns} {ips} {domains} {urls} {hashes} {files} {emails} {resources}
//   {processes}             literals, separated by commas: values as named; accounts are user names without
//                           DOMAIN\ and @domain, hosts are names without their domain, files without folders
//   {~users}                the same in lower case
//   {*users*}               with the language's wildcard on both sides (SPL only)
//   {uuid}                  stable for incident and template
//
// A template is used when every list in it has a value.

#include <span>
#include <string_view>

#include "hunt/hunt.h"

namespace tocsin::hunt {

enum class Window : std::uint8_t {
  kAround,  // an hour before the first alert to an hour after the last
  kBefore,  // the day that ends with the first alert
  kAfter,   // the day that begins with the last
  kWide,    // seven days before to one day after: who else?
};

struct Template {
  std::string_view id;
  std::string_view title;
  std::string_view purpose;
  std::string_view attack;  // "T1110 TA0006": techniques (with their sub-techniques) and tactics; "": always
  Window window;
  std::string_view text;
};

std::span<const Template> sentinel_templates();
std::span<const Template> defender_templates();
std::span<const Template> splunk_templates();
std::span<const Template> elastic_templates();
std::span<const Template> athena_templates();
std::span<const Template> sigma_templates();

}  // namespace tocsin::hunt
