package gateway

import (
	"context"
	"net/http"
	"net/http/pprof"
	"time"
)

// readyIn bounds what /readyz waits for; whoever asks has mostly less patience.
const readyIn = 2 * time.Second

// Admin serves the operators' endpoints. It shows memory and code to whoever reaches it and
// asks nobody who they are: it belongs on a loopback address.
//
//	/healthz         200 while the process lives
//	/readyz          200 while ready has no error, with what it says; else 503 and its error in a sentence
//	/metrics         metrics, in Prometheus' form
//	/debug/pprof/    profiles
func Admin(metrics http.Handler, ready func(context.Context) (string, error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte("alive\n"))
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyIn)
		defer cancel()
		how, err := ready(ctx)
		if err != nil {
			http.Error(w, "not ready: "+err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte(how + "\n"))
	})
	mux.Handle("GET /metrics", metrics)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}
