// SPDX-License-Identifier: GPL-3.0-or-later
// The index of points by address: finds all and no others, through growth and removal, and looks at few of them for it. Addresses
// come in runs, steps and at random, as in real stations.
#include "model/address_index.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <set>
#include <vector>

namespace {

#define CHECK(condition)                                                   \
  do {                                                                     \
    if (!(condition)) {                                                    \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                        \
    }                                                                      \
  } while (false)

std::size_t looked_at = 0;

struct Object {
  std::uint32_t address;
  std::uint32_t io_address() const {
    ++looked_at;
    return address;
  }
};

using Addresses = std::vector<std::uint32_t>;

void check(const char* name, const Addresses& addresses) {
  std::vector<Object> objects;
  for (const std::uint32_t address : addresses) objects.push_back({address});
  c104::AddressIndex<Object> index;
  for (Object& object : objects) index.insert(&object);

  looked_at = 0;
  std::size_t worst = 0;
  for (Object& object : objects) {
    const std::size_t before = looked_at;
    CHECK(index.find(object.address) == &object);
    worst = std::max(worst, looked_at - before);
  }
  const double mean = static_cast<double>(looked_at) / static_cast<double>(objects.size());
  std::printf("%-28s %8zu objects: %.2f looked at for each, %zu at most\n", name, objects.size(), mean, worst);
  CHECK(mean < 3);
  CHECK(worst < 40);

  const std::set<std::uint32_t> known(addresses.begin(), addresses.end());
  for (const std::uint32_t address : addresses) {
    if (known.count(address + 1) == 0) CHECK(index.find(address + 1) == nullptr);
  }
  for (std::size_t i = 0; i < objects.size(); i += 2) index.erase(objects[i].address);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    CHECK(index.find(objects[i].address) == (i % 2 == 0 ? nullptr : &objects[i]));
  }
}

Addresses steps(std::size_t count, std::uint32_t first, std::uint32_t step) {
  Addresses all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(first + static_cast<std::uint32_t>(i) * step);
  return all;
}

Addresses scattered(std::size_t count) {
  std::mt19937 random(104);
  std::set<std::uint32_t> all;
  while (all.size() < count) all.insert(random() & 0xFFFFFF);
  return {all.begin(), all.end()};
}

// Eight runs that begin at multiples of a power of two, as when a station is divided by kind.
Addresses blocks(std::size_t count, std::uint32_t distance) {
  Addresses all;
  for (std::uint32_t block = 0; block < 8; ++block) {
    for (std::uint32_t i = 0; i < count; ++i) all.push_back(block * distance + i);
  }
  return all;
}

}  // namespace

int main() {
  for (const std::size_t count : {std::size_t{1}, std::size_t{1016}, std::size_t{2000}, std::size_t{100'000}}) {
    check("in a row", steps(count, 1, 1));
    check("in a row, from 16,000,000", steps(count, 16'000'000, 1));
    check("step 3", steps(count, 11, 3));
    check("step 128", steps(count, 0, 128));
    check("scattered", scattered(count));
  }
  check("step 65,536", steps(256, 0, 65536));
  check("step 256", steps(65536, 1, 256));
  check("blocks at thousands", blocks(500, 1000));
  check("blocks at 4,096", blocks(2000, 4096));
  check("blocks at 65,536", blocks(10'000, 65536));
}
