// The one header of Poolscope's pool: see there for what it offers and how it is used.
#pragma once

#include "monitor/collect/watched_pool.h"
