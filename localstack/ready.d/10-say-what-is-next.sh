#!/bin/sh
echo "LocalStack is empty and ready. In another terminal: make localstack-up AT=http://127.0.0.1:4566"
