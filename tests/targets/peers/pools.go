// Two pools of Go: pgx's pgxpool (most 4) at /pgxpool under the names of pgxpoolprometheus, at /pgxpool_connections under those
// of the collectors that say _connections and seconds, and database/sql (most 3) at /sql by client_golang's own collector.
// The argument says which: pgx or sql. Control as in crew.py. DATABASE_URL says where the server is.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v4/pgxpool"
	_ "github.com/jackc/pgx/v4/stdlib"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	mostPgx  = 4
	mostSQL  = 3
	patience = 12 * time.Second
)

// A crew's callers lease from a pool, hold and give back as they are told.
type crew struct {
	lease func(context.Context) (func(), error)

	mutex       sync.Mutex
	gone        chan struct{}
	waiting     int
	acquires    int
	timeouts    int
	waitSeconds float64
}

func (c *crew) call(gone chan struct{}) {
	c.mutex.Lock()
	c.waiting++
	c.mutex.Unlock()
	limited, cancel := context.WithTimeout(context.Background(), patience)
	asked := time.Now()
	giveBack, err := c.lease(limited)
	waited := time.Since(asked).Seconds()
	c.mutex.Lock()
	c.waiting--
	if err != nil {
		c.timeouts++
	} else {
		c.acquires++
		c.waitSeconds += waited
	}
	c.mutex.Unlock()
	if err == nil {
		<-gone
		giveBack()
	}
	cancel()
}

func (c *crew) hold(count int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for i := 0; i < count; i++ {
		go c.call(c.gone)
	}
}

func (c *crew) release() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	close(c.gone)
	c.gone = make(chan struct{})
}

// A metric of pgxpool's: its name in both worlds, and where its value comes from.
type figure struct {
	ns, connections string
	kind            prometheus.ValueType
	value           func(*pgxpool.Stat) float64
	inSeconds       bool
}

var figures = []figure{
	{"acquire_count", "acquires_total", prometheus.CounterValue, func(s *pgxpool.Stat) float64 { return float64(s.AcquireCount()) }, false},
	{"acquire_duration_ns", "acquire_duration_seconds_total", prometheus.CounterValue, func(s *pgxpool.Stat) float64 { return float64(s.AcquireDuration()) }, true},
	{"acquired_conns", "acquired_connections", prometheus.GaugeValue, func(s *pgxpool.Stat) float64 { return float64(s.AcquiredConns()) }, false},
	{"canceled_acquire_count", "canceled_acquires_total", prometheus.CounterValue, func(s *pgxpool.Stat) float64 { return float64(s.CanceledAcquireCount()) }, false},
	{"constructing_conns", "constructing_connections", prometheus.GaugeValue, func(s *pgxpool.Stat) float64 { return float64(s.ConstructingConns()) }, false},
	{"empty_acquire_count", "empty_acquires_total", prometheus.CounterValue, func(s *pgxpool.Stat) float64 { return float64(s.EmptyAcquireCount()) }, false},
	{"idle_conns", "idle_connections", prometheus.GaugeValue, func(s *pgxpool.Stat) float64 { return float64(s.IdleConns()) }, false},
	{"max_conns", "max_connections", prometheus.GaugeValue, func(s *pgxpool.Stat) float64 { return float64(s.MaxConns()) }, false},
	{"total_conns", "total_connections", prometheus.GaugeValue, func(s *pgxpool.Stat) float64 { return float64(s.TotalConns()) }, false},
}

type poolCollector struct {
	pool        *pgxpool.Pool
	connections bool
}

func (c poolCollector) describe(f figure) *prometheus.Desc {
	name := f.ns
	if c.connections {
		name = f.connections
	}
	return prometheus.NewDesc("pgxpool_"+name, name, nil, prometheus.Labels{"db_name": "orders"})
}

func (c poolCollector) Describe(out chan<- *prometheus.Desc) {
	for _, f := range figures {
		out <- c.describe(f)
	}
}

func (c poolCollector) Collect(out chan<- prometheus.Metric) {
	stat := c.pool.Stat()
	for _, f := range figures {
		value := f.value(stat)
		if c.connections && f.inSeconds {
			value /= 1e9
		}
		out <- prometheus.MustNewConstMetric(c.describe(f), f.kind, value)
	}
}

func page(mux *http.ServeMux, path string, collector prometheus.Collector) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collector)
	mux.Handle(path, promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func serve(mux *http.ServeMux) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go func() { must(http.Serve(listener, mux)) }()
	return listener.Addr().(*net.TCPAddr).Port
}

func control(c *crew, truth func() string) int {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(out http.ResponseWriter, asked *http.Request) {
		switch asked.URL.Path {
		case "/hold":
			count, err := strconv.Atoi(asked.URL.Query().Get("count"))
			must(err)
			c.hold(count)
		case "/release":
			c.release()
		}
		c.mutex.Lock()
		defer c.mutex.Unlock()
		_, _ = io.WriteString(out, truth())
	})
	return serve(mux)
}

func pgxPeer(url string, pages *http.ServeMux) (*crew, func() string) {
	config, err := pgxpool.ParseConfig(url)
	must(err)
	config.MaxConns = mostPgx
	pool, err := pgxpool.ConnectConfig(context.Background(), config)
	must(err)
	page(pages, "/pgxpool", poolCollector{pool, false})
	page(pages, "/pgxpool_connections", poolCollector{pool, true})
	before := pool.Stat()
	c := &crew{gone: make(chan struct{}), lease: func(limited context.Context) (func(), error) {
		lease, err := pool.Acquire(limited)
		if err != nil {
			return nil, err
		}
		return lease.Release, nil
	}}
	return c, func() string {
		stat := pool.Stat()
		return fmt.Sprintf("size %d\nin_use %d\nidle %d\nwaiting %d\nmax %d\nwaits %d\nwait_seconds %g\ntimeouts %d\n",
			stat.TotalConns(), stat.AcquiredConns(), stat.IdleConns(), c.waiting, mostPgx,
			before.AcquireCount()+int64(c.acquires), before.AcquireDuration().Seconds()+c.waitSeconds, c.timeouts)
	}
}

func sqlPeer(url string, pages *http.ServeMux) (*crew, func() string) {
	pool, err := sql.Open("pgx", url)
	must(err)
	pool.SetMaxOpenConns(mostSQL)
	pool.SetMaxIdleConns(mostSQL)
	page(pages, "/sql", collectors.NewDBStatsCollector(pool, "orders"))
	c := &crew{gone: make(chan struct{}), lease: func(limited context.Context) (func(), error) {
		lease, err := pool.Conn(limited)
		if err != nil {
			return nil, err
		}
		return func() { _ = lease.Close() }, nil
	}}
	return c, func() string {
		stats := pool.Stats()
		return fmt.Sprintf("size %d\nin_use %d\nidle %d\nwaiting %d\nmax %d\nwaits %d\nwait_seconds %g\ntimeouts %d\n",
			stats.OpenConnections, stats.InUse, stats.Idle, c.waiting, mostSQL, stats.WaitCount,
			stats.WaitDuration.Seconds(), c.timeouts)
	}
}

func main() {
	pages := http.NewServeMux()
	peer := pgxPeer
	if os.Args[1] == "sql" {
		peer = sqlPeer
	}
	c, truth := peer(os.Getenv("DATABASE_URL"), pages)
	fmt.Println("ports", serve(pages), control(c, truth))
	_, _ = io.Copy(io.Discard, os.Stdin)
}
